-- One row per edition, region and component of the total: its score on the scale of the total, in hundred-millionths.
select
    contributions.document_id,
    contributions.edition_year,
    contributions.region_code,
    contributions.component_code,
    components.label_id,
    components.label_en,
    contributions.weight_official,
    (contributions.score_on_total_scale * 100000000)::bigint as score
from marts.score_contributions as contributions
inner join marts.score_components as components
    on
        contributions.instrument = components.instrument
        and contributions.edition_year = components.edition_year
        and contributions.component_code = components.component_code
where contributions.is_complete and contributions.total_code in (
    select component_code from marts.score_components where component_depth = 0
)
order by
    contributions.document_id,
    contributions.edition_year,
    contributions.region_code,
    contributions.component_no
