-- One row per agency, year and indicator; its quarters as a list.
select
    targets.agency_code,
    agencies.agency_name,
    agencies.region_code,
    targets.fiscal_year,
    targets.indicator_code,
    any_value(targets.indicator_name) as indicator_name,
    any_value(targets.polarity) as polarity,
    list({
        'quarter': targets.quarter,
        'target': targets.target,
        'realization': targets.realization,
        'missing_reason': targets.missing_reason,
        'published': targets.achievement_pct_published,
        'achievement': targets.achievement_pct,
        'document_id': targets.document_id,
        'table_id': targets.table_id,
        'row_no': targets.row_no,
        'source_line': targets.source_line
    } order by targets.quarter) as quarters
from marts.target_achievement as targets
inner join marts.agencies as agencies on targets.agency_code = agencies.agency_code
group by all
order by targets.agency_code, targets.fiscal_year, min(targets.row_no)
