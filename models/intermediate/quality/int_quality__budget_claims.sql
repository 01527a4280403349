-- Printed percentages and amounts of the budget tables. Whole rupiah are exact: their interval is the figure itself. In
-- a larger unit each stands for half a unit to either side. A form that cumulates does so in every line and percentage.
-- Lines are passed over once, with the claims that each of them makes.
with lines as (
    select
        *,
        {{ rupiah_half_step('ceiling_step') }} as ceiling_half_step,
        {{ rupiah_half_step('realization_step') }} as realization_half_step,
        {{ rupiah_half_step('first_ceiling_step') }} as first_ceiling_half_step
    from {{ ref('int_budget__lines') }}
    where is_printed
),

claims as (
    select
        lines.*,
        kinds.component_code,
        case
            when kinds.rule_id = 'budget.rollup' and lines.budget_level = 'agency' then 'budget.grand_total'
            else kinds.rule_id
        end as rule_id,
        kinds.rule_id != 'budget.rollup' or lines.children_complete as is_complete
    from lines
    cross join (
        values
        ('budget.line_percentage', 'realization_pct'),
        ('budget.rollup', 'ceiling_rupiah'),
        ('budget.rollup', 'realization_rupiah'),
        ('budget.constant_ceiling', 'ceiling_rupiah')
    ) as kinds (rule_id, component_code)
    where case kinds.rule_id
        when 'budget.rollup' then lines.budget_level != 'sub_activity'
        when 'budget.constant_ceiling' then lines.quarter > lines.first_quarter
        else true
    end
),

-- Of each figure what is printed, and what other figures make of it.
recomputed as (
    select
        *,
        case component_code
            when 'realization_pct' then cast(realization_pct as decimal(20, 4))
            when 'ceiling_rupiah' then cast(ceiling_rupiah as decimal(20, 4))
            else cast(realization_rupiah as decimal(20, 4))
        end as published,
        case component_code
            when 'realization_pct' then cast(0.01 as decimal(14, 4))
            when 'ceiling_rupiah' then cast(coalesce(ceiling_step, 1) as decimal(14, 4))
            else cast(coalesce(realization_step, 1) as decimal(14, 4))
        end as published_step,
        case
            when component_code = 'realization_pct'
                then {{ exact_quotient('100 * cast(realization_rupiah as bigint)', 'ceiling_rupiah', decimals=0) }}
            when rule_id = 'budget.constant_ceiling' then first_ceiling_rupiah
            when component_code = 'ceiling_rupiah' then children_ceiling_rupiah
            else children_realization_rupiah
        end as middle,
        -- Of a percentage, whether its amounts are coarse at all.
        case
            when component_code = 'realization_pct' then realization_half_step + ceiling_half_step
            when rule_id = 'budget.constant_ceiling' then first_ceiling_half_step
            when component_code = 'ceiling_rupiah' then coalesce(children_ceiling_half_steps, 0)
            else coalesce(children_realization_half_steps, 0)
        end as half_steps
    from claims
),

bounded as (
    select
        {%- for bound, outward, inward in [('low', '-', '+'), ('high', '+', '-')] %}
            case
                when half_steps = 0 then middle
                when component_code = 'realization_pct'
                    then {{ exact_quotient(
                        '100 * cast(realization_rupiah ' ~ outward ~ ' realization_half_step as bigint)',
                        '(ceiling_rupiah ' ~ inward ~ ' ceiling_half_step)',
                        decimals=0,
                    ) }}
                else middle {{ outward }} half_steps
            end as {{ bound }},
        {%- endfor %}
        *
    from recomputed
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
    case when component_code = 'realization_pct' then realization_pct_printed end as published_text,
    published,
    published_step,
    case when is_complete then cast(middle as decimal(38, 12)) end as recomputed,
    is_complete,
    -- Inputs are as precise as they are printed.
    cast(low as decimal(38, 12)) as printed_low,
    -- Lost lines can only add to the sum of those that are printed: no upper bound.
    case when is_complete then cast(high as decimal(38, 12)) end as printed_high,
    printed_low as effective_low,
    printed_high as effective_high
from bounded
