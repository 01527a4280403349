-- The one pass over what forms print: each line by the numbers of its year, quarter and place in the tree. Texts that
-- are alike in many forms stay in the tree.
select
    forms.year_no,
    forms.quarter,
    trees.line_no,
    lines.ceiling_rupiah,
    lines.ceiling_step,
    lines.realization_rupiah,
    lines.realization_step,
    lines.realization_pct_printed,
    lines.realization_pct,
    lines.source_line
from {{ ref('stg_forms__budget_lines') }} as lines
inner join {{ ref('int_budget__forms') }} as forms on lines.document_id = forms.document_id
inner join {{ ref('int_budget__trees') }} as trees
    on
        forms.tree_no = trees.tree_no
        and forms.quarter = trees.quarter
        and lines.row_no = trees.row_no
