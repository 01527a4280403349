{%- set of_line = [
    'ceiling_rupiah', 'ceiling_step', 'realization_rupiah', 'realization_step', 'realization_pct_printed',
    'realization_pct', 'source_line', 'quarter_realization_rupiah', 'cumulative_realization_rupiah',
] -%}
{%- set of_children = [
    'children_ceiling_rupiah', 'children_ceiling_half_steps', 'children_realization_rupiah',
    'children_realization_half_steps', 'children_quarter_realization_rupiah',
] -%}

-- The lines of a year, quarter by quarter again, with their place in the tree and what the other lines of the year say
-- of them. Narrow keys until here; names and codes are those of the tree, not of the line.
select
    forms.document_id,
    case when trees.is_printed then forms.table_id end as table_id,
    trees.row_no,
    forms.agency_code,
    forms.fiscal_year,
    forms.quarter,
    trees.budget_level,
    trees.line_code,
    trees.parent_line_code,
    trees.line_name,
    trees.is_printed,
    forms.is_cumulative,
    trees.quarters_printed,
    {%- for column in of_line %}
        {{ in_quarter('lines.' ~ column, 'forms.quarter') }} as {{ column }},
    {%- endfor %}
    trees.first_quarter,
    {{ in_quarter('lines.ceiling_rupiah', 'trees.first_quarter') }} as first_ceiling_rupiah,
    {{ in_quarter('lines.ceiling_step', 'trees.first_quarter') }} as first_ceiling_step,
    trees.children_printed,
    {%- for column in of_children %}
        {{ in_quarter('rollups.' ~ column, 'forms.quarter') }} as {{ column }},
    {%- endfor %}
    trees.children_complete
from {{ ref('int_budget__line_years') }} as lines
left join {{ ref('int_budget__rollups') }} as rollups
    on
        lines.year_no = rollups.year_no
        and lines.line_no = rollups.line_no
inner join {{ ref('int_budget__forms') }} as forms on lines.year_no = forms.year_no
inner join {{ ref('int_budget__trees') }} as trees
    on
        lines.tree_no = trees.tree_no
        and lines.line_no = trees.line_no
        and forms.quarter = trees.quarter
