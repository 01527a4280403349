-- One row per edition, region and component: what it brought of the change since the year before.
select
    changes.*,
    components.label_id,
    components.label_en,
    components.printed_step
from marts.improvement_decomposition as changes
inner join marts.score_components as components
    on
        changes.instrument = components.instrument
        and changes.edition_year = components.edition_year
        and changes.component_code = components.component_code
where changes.total_change is not null
order by changes.region_code, changes.document_id, changes.edition_year, changes.component_no
