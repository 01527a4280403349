-- Each finding of arithmetic with the cells that its rule rests on.
with cells as (
    select * from {{ ref('int_diagnosis__rule_cells') }}
)

select
    findings.finding_id,
    cells.rule_id,
    cells.document_id,
    cells.table_id,
    cells.row_no,
    cells.column_name,
    cells.cell_document_id,
    cells.cell_table_id,
    cells.cell_row_no,
    cells.cell_column_name,
    cells.cell_role,
    cells.value,
    cells.half_step_points,
    cells.pull,
    cells.holds_from,
    cells.holds_to
from cells
inner join {{ ref('int_quality__findings') }} as findings on {{ same_rule('cells', 'findings') }}
where not {{ rule_holds_with('cells', 'cells.value') }}
