-- One row per edition and region with a grade: how far the next one is, and whether this one is open.
select
    grades.*,
    components.label_id as single_id,
    components.label_en as single_en,
    totals.printed_step
from marts.grade_distance as grades
inner join marts.score_components as totals
    on
        grades.instrument = totals.instrument
        and grades.edition_year = totals.edition_year
        and totals.component_depth = 0
left join marts.score_components as components
    on
        grades.instrument = components.instrument
        and grades.edition_year = components.edition_year
        and grades.single_component_code = components.component_code
