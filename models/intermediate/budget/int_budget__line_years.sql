{%- set figures = [
    'ceiling_step', 'realization_step', 'realization_pct_printed', 'realization_pct', 'source_line',
] -%}

-- What a line prints in the four quarters of its year, side by side: joined, as an aggregate would hold each line four
-- times with the room for four quarters.
with trees as (
    select * from {{ ref('int_budget__trees') }}
),

lines as (
    select distinct
        tree_no,
        line_no,
        parent_line_no
    from trees
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

-- A form that prints no grand total still has one: the sum of its programs.
unprinted as (
    select
        programs.tree_no,
        programs.quarter,
        programs.line_no,
        programs.parent_line_no
    from trees as totals
    inner join trees as programs
        on
            totals.tree_no = programs.tree_no
            and totals.quarter = programs.quarter
            and totals.line_no = programs.parent_line_no
    where not totals.is_printed
),

totals as (
    select
        {%- for quarter in range(1, 5) %}
            {%- for amount in ['ceiling_rupiah', 'realization_rupiah'] %}
                cast(sum(case when placed.quarter = {{ quarter }} then placed.{{ amount }} end) as decimal(18, 0))
                    as {{ amount }}_{{ quarter }},
            {%- endfor %}
        {%- endfor %}
        placed.year_no,
        unprinted.parent_line_no as line_no
    from {{ ref('int_budget__placed_lines') }} as placed
    inner join years on placed.year_no = years.year_no
    inner join unprinted
        on
            years.tree_no = unprinted.tree_no
            and placed.quarter = unprinted.quarter
            and placed.line_no = unprinted.line_no
    group by placed.year_no, unprinted.parent_line_no
),

side_by_side as (
    select
        {%- for quarter in range(1, 5) %}
            years.is_cumulative_{{ quarter }},
            {%- for amount in ['ceiling_rupiah', 'realization_rupiah'] %}
                coalesce(quarter_{{ quarter }}.{{ amount }}, totals.{{ amount }}_{{ quarter }})
                    as {{ amount }}_{{ quarter }},
            {%- endfor %}
            {%- for figure in figures %}
                quarter_{{ quarter }}.{{ figure }} as {{ figure }}_{{ quarter }},
            {%- endfor %}
        {%- endfor %}
        years.year_no,
        years.tree_no,
        lines.line_no,
        lines.parent_line_no
    from years
    inner join lines on years.tree_no = lines.tree_no
    {%- for quarter in range(1, 5) %}
        left join {{ ref('int_budget__placed_lines') }} as quarter_{{ quarter }}
            on
                years.year_no = quarter_{{ quarter }}.year_no
                and lines.line_no = quarter_{{ quarter }}.line_no
                and quarter_{{ quarter }}.quarter = {{ quarter }}
    {%- endfor %}
    left join totals
        on
            years.year_no = totals.year_no
            and lines.line_no = totals.line_no
)

-- A form that cumulates prints the year to date, and its quarter is what it has more than the quarters before; another
-- prints its quarter. Quarters of which the line is lost leave the sum unknown.
select
    {%- for quarter in range(1, 5) %}
        {%- set before = 'cumulative_realization_rupiah_' ~ (quarter - 1) if quarter > 1 else '0' %}
        case
            when is_cumulative_{{ quarter }} then realization_rupiah_{{ quarter }}
            else {{ before }} + realization_rupiah_{{ quarter }}
        end as cumulative_realization_rupiah_{{ quarter }},
        case
            when is_cumulative_{{ quarter }} then realization_rupiah_{{ quarter }} - {{ before }}
            else realization_rupiah_{{ quarter }}
        end as quarter_realization_rupiah_{{ quarter }},
    {%- endfor %}
    *
from side_by_side
