select
    document_id,
    agency_code,
    fiscal_year,
    quarter,
    line_code,
    parent_line_code,
    budget_level,
    line_name,
    is_printed,
    ceiling_rupiah,
    cast(quarter_realization_rupiah as decimal(18, 0)) as realization_rupiah,
    -- What a form prints that cumulates is the percentage to date.
    case when not is_cumulative then realization_pct end as realization_pct_published,
    cast({{ percentage_of('quarter_realization_rupiah', 'ceiling_rupiah') }} as decimal(9, 2)) as realization_pct,
    quarters_printed,
    cast(cumulative_realization_rupiah as decimal(18, 0)) as cumulative_realization_rupiah,
    cast({{ percentage_of('cumulative_realization_rupiah', 'ceiling_rupiah') }} as decimal(9, 2))
        as cumulative_realization_pct,
    case when is_cumulative then realization_pct end as cumulative_realization_pct_published,
    cast(ceiling_rupiah - cumulative_realization_rupiah as decimal(18, 0)) as remaining_rupiah,
    children_printed,
    children_ceiling_rupiah,
    children_quarter_realization_rupiah as children_realization_rupiah,
    children_complete,
    table_id,
    row_no,
    source_line
from {{ ref('int_budget__lines') }}
