-- Printed percentages and amounts of the budget tables. Whole rupiah are exact: their interval is the figure itself. In
-- a larger unit each stands for half a unit to either side. A form that cumulates does so in every line and percentage.
with lines as (
    select
        *,
        {{ rupiah_half_step('ceiling_step') }} as ceiling_half_step,
        {{ rupiah_half_step('realization_step') }} as realization_half_step
    from {{ ref('int_budget__lines') }}
),

percentages as (
    select
        *,
        'budget.line_percentage' as rule_id,
        'realization_pct' as component_code,
        realization_pct_printed as published_text,
        realization_pct as published,
        0.01 as published_step,
        {{ exact_quotient('100 * cast(realization_rupiah as bigint)', 'ceiling_rupiah', decimals=0) }} as recomputed,
        {{ exact_quotient(
            '100 * cast(realization_rupiah - realization_half_step as bigint)', '(ceiling_rupiah + ceiling_half_step)', decimals=0
        ) }} as low,
        {{ exact_quotient(
            '100 * cast(realization_rupiah + realization_half_step as bigint)', '(ceiling_rupiah - ceiling_half_step)', decimals=0
        ) }} as high,
        true as is_complete
    from lines
),

amounts as (
    {%- for amount in ['ceiling', 'realization'] %}
        select
            lines.*,
            '{{ amount }}_rupiah' as component_code,
            lines.{{ amount }}_rupiah as published,
            coalesce(lines.{{ amount }}_step, 1) as published_step,
            rollups.children_{{ amount }}_rupiah as children_rupiah,
            coalesce(rollups.children_{{ amount }}_half_steps, 0) as half_steps,
            coalesce(rollups.children_complete, false) as is_complete
        from lines
        left join {{ ref('int_budget__rollups') }} as rollups
            on
                lines.document_id = rollups.document_id
                and lines.line_code = rollups.line_code
        where lines.budget_level != 'sub_activity'
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

rollups as (
    select
        *,
        case budget_level when 'agency' then 'budget.grand_total' else 'budget.rollup' end as rule_id,
        case when is_complete then children_rupiah end as recomputed,
        children_rupiah - half_steps as low,
        -- Lost lines can only add to the sum of those that are printed: no upper bound.
        recomputed + half_steps as high
    from amounts
),

first_ceilings as (
    select
        agency_code,
        fiscal_year,
        line_code,
        min(quarter) as first_quarter,
        min_by(ceiling_rupiah, quarter) as first_ceiling_rupiah,
        min_by(ceiling_half_step, quarter) as first_half_step
    from lines
    group by agency_code, fiscal_year, line_code
),

ceilings as (
    select
        lines.*,
        'budget.constant_ceiling' as rule_id,
        'ceiling_rupiah' as component_code,
        lines.ceiling_rupiah as published,
        coalesce(lines.ceiling_step, 1) as published_step,
        first_ceilings.first_ceiling_rupiah as recomputed,
        first_ceilings.first_ceiling_rupiah - first_ceilings.first_half_step as low,
        first_ceilings.first_ceiling_rupiah + first_ceilings.first_half_step as high,
        true as is_complete
    from lines
    inner join first_ceilings
        on
            lines.agency_code = first_ceilings.agency_code
            and lines.fiscal_year = first_ceilings.fiscal_year
            and lines.line_code = first_ceilings.line_code
            and lines.quarter > first_ceilings.first_quarter
),

claims as (
    {%- for rule in ['percentages', 'rollups', 'ceilings'] %}
        select
            rule_id,
            document_id,
            table_id,
            row_no,
            source_line,
            fiscal_year,
            quarter,
            agency_code,
            line_code,
            component_code,
            {{ 'published_text' if rule == 'percentages' else 'cast(null as string) as published_text' }},
            cast(published as decimal(20, 4)) as published,
            cast(published_step as decimal(14, 4)) as published_step,
            cast(recomputed as decimal(38, 12)) as recomputed,
            is_complete,
            cast(low as decimal(38, 12)) as low,
            cast(high as decimal(38, 12)) as high
        from {{ rule }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
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
    published,
    published_step,
    recomputed,
    is_complete,
    -- Inputs are as precise as they are printed.
    low as printed_low,
    high as printed_high,
    low as effective_low,
    high as effective_high
from claims
