{%- set printed_once = ['ceiling_step', 'realization_step', 'realization_pct_printed', 'realization_pct', 'source_line'] -%}

-- The one pass over the printed lines: what each prints in the four quarters of its year, side by side, by narrow keys.
with trees as (
    select * from {{ ref('int_budget__trees') }}
),

-- A total that is not printed is fed by the rows of what stands below it.
fed as (
    select
        tree_no,
        quarter,
        row_no,
        line_no,
        is_printed
    from trees
    where is_printed
    union all
    select
        totals.tree_no,
        totals.quarter,
        programs.row_no,
        totals.line_no,
        totals.is_printed
    from trees as totals
    inner join trees as programs
        on
            totals.tree_no = programs.tree_no
            and totals.quarter = programs.quarter
            and totals.line_no = programs.parent_line_no
    where not totals.is_printed
),

years as (
    select
        year_no,
        {%- for quarter in range(1, 5) %}
            bool_or(quarter = {{ quarter }} and is_cumulative) as is_cumulative_{{ quarter }},
        {%- endfor %}
        max(tree_no) as tree_no
    from {{ ref('int_budget__forms') }}
    group by year_no
),

side_by_side as (
    select
        {%- for quarter in range(1, 5) %}
            {%- for amount in ['ceiling', 'realization'] %}
                cast(sum(case when forms.quarter = {{ quarter }} then lines.{{ amount }}_rupiah end) as decimal(18, 0))
                    as {{ amount }}_rupiah_{{ quarter }},
            {%- endfor %}
            {%- for column in printed_once %}
                max(case when forms.quarter = {{ quarter }} and fed.is_printed then lines.{{ column }} end)
                    as {{ column }}_{{ quarter }},
            {%- endfor %}
        {%- endfor %}
        forms.year_no,
        fed.line_no
    from {{ ref('stg_forms__budget_lines') }} as lines
    inner join {{ ref('int_budget__forms') }} as forms on lines.document_id = forms.document_id
    inner join fed
        on
            forms.tree_no = fed.tree_no
            and forms.quarter = fed.quarter
            and lines.row_no = fed.row_no
    group by forms.year_no, fed.line_no
)

-- A form that cumulates prints the year to date, and its quarter is what it has more than the quarters before; another
-- prints its quarter. Quarters of which the line is lost leave the sum unknown.
select
    side_by_side.*,
    years.tree_no,
    0 as cumulative_realization_rupiah_0,
    {%- for quarter in range(1, 5) %}
        years.is_cumulative_{{ quarter }},
        case
            when years.is_cumulative_{{ quarter }} then side_by_side.realization_rupiah_{{ quarter }}
            else cumulative_realization_rupiah_{{ quarter - 1 }} + side_by_side.realization_rupiah_{{ quarter }}
        end as cumulative_realization_rupiah_{{ quarter }},
        case
            when years.is_cumulative_{{ quarter }}
                then side_by_side.realization_rupiah_{{ quarter }} - cumulative_realization_rupiah_{{ quarter - 1 }}
            else side_by_side.realization_rupiah_{{ quarter }}
        end as quarter_realization_rupiah_{{ quarter }}{{ ',' if not loop.last }}
    {%- endfor %}
from side_by_side
inner join years on side_by_side.year_no = years.year_no
