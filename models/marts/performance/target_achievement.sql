select
    document_id,
    agency_code,
    fiscal_year,
    quarter,
    indicator_code,
    indicator_name,
    target,
    realization,
    remark_code as missing_reason,
    achievement_pct_published,
    cast(achievement_pct as decimal(9, 2)) as achievement_pct,
    -- least() skips nulls: an indicator without a realization would have achieved its cap.
    case when achievement_pct is not null then cast(least(achievement_pct, cap_pct) as decimal(9, 2)) end
        as achievement_pct_capped,
    achievement_pct > cap_pct and achievement_pct_published = cap_pct as is_capped,
    polarity,
    polarity_basis,
    table_id,
    row_no,
    source_line
from {{ ref('int_target__achievements') }}
