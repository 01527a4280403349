-- Printed percentages and amounts of the budget tables. Whole rupiah are exact: their interval is the figure itself.
with lines as (
    select * from {{ ref('int_budget__lines') }}
),

percentages as (
    select
        'budget.line_percentage' as rule_id,
        lines.*,
        'realization_pct' as component_code,
        realization_pct_printed as published_text,
        realization_pct as published,
        cast(0.01 as decimal(9, 4)) as published_step,
        {{ exact_quotient('100 * realization_rupiah', 'ceiling_rupiah') }} as recomputed,
        true as is_complete
    from lines
),

amounts as (
    {%- for amount in ['ceiling_rupiah', 'realization_rupiah'] %}
    select
        *,
        '{{ amount }}' as component_code,
        {{ amount }} as published
    from lines
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

rollups as (
    select
        case amounts.budget_level when 'agency' then 'budget.grand_total' else 'budget.rollup' end as rule_id,
        amounts.*,
        case amounts.component_code
            when 'ceiling_rupiah' then rollups.children_ceiling_rupiah
            else rollups.children_realization_rupiah
        end as children_sum,
        rollups.children_complete as is_complete
    from amounts
    left join {{ ref('int_budget__rollups') }} as rollups
        on
            amounts.document_id = rollups.document_id
            and amounts.line_code = rollups.line_code
    where amounts.budget_level != 'sub_activity'
),

ceilings as (
    select
        'budget.constant_ceiling' as rule_id,
        *,
        'ceiling_rupiah' as component_code,
        first_value(ceiling_rupiah) over same_line as first_ceiling_rupiah,
        first_value(quarter) over same_line as first_quarter
    from lines
    window same_line as (partition by agency_code, fiscal_year, line_code order by quarter)
),

claims as (
    select
        rule_id, document_id, table_id, row_no, source_line, fiscal_year, quarter, agency_code, line_code,
        component_code, published_text, published, published_step, recomputed, is_complete,
        recomputed as low, recomputed as high
    from percentages
    union all
    -- Lost lines can only add to the sum of those that are printed: no upper bound.
    select
        rule_id, document_id, table_id, row_no, source_line, fiscal_year, quarter, agency_code, line_code,
        component_code, null, published, 1, case when is_complete then children_sum end, coalesce(is_complete, false),
        children_sum, case when is_complete then children_sum end
    from rollups
    union all
    select
        rule_id, document_id, table_id, row_no, source_line, fiscal_year, quarter, agency_code, line_code,
        component_code, null, ceiling_rupiah, 1, first_ceiling_rupiah, true, first_ceiling_rupiah, first_ceiling_rupiah
    from ceilings
    where quarter > first_quarter
)

select
    rule_id,
    document_id,
    table_id,
    row_no,
    component_code as column_name,
    source_line,
    fiscal_year as edition_year,
    quarter,
    concat(agency_code, '/', line_code) as subject_code,
    component_code,
    published_text,
    cast(published as decimal(18, 4)) as published,
    cast(published_step as decimal(9, 4)) as published_step,
    cast(recomputed as decimal(38, 12)) as recomputed,
    is_complete,
    cast(low as decimal(38, 12)) as low,
    cast(high as decimal(38, 12)) as high
from claims
