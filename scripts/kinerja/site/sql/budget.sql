-- One row per agency, year, budget line and quarter: as printed, cumulative, against the pace.
select
    pace.*,
    agencies.agency_name,
    agencies.region_code,
    regions.region_name,
    printed.realization_pct_published,
    printed.realization_pct,
    printed.table_id,
    printed.row_no,
    printed.source_line
from marts.budget_pace as pace
inner join marts.agencies as agencies on pace.agency_code = agencies.agency_code
inner join marts.regions as regions on agencies.region_code = regions.region_code
left join marts.budget_realization as printed
    on
        pace.document_id = printed.document_id
        and pace.line_code = printed.line_code
        and pace.quarter = printed.quarter
order by pace.agency_code, pace.fiscal_year, pace.line_code, pace.quarter
