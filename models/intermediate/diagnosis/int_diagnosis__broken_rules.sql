-- Each finding of arithmetic with the cells that its rule rests on.
with findings as (
    select
        findings.*,
        columns.column_no
    from {{ ref('int_quality__findings') }} as findings
    inner join {{ ref('int_diagnosis__columns') }} as columns on {{ same_column('findings', 'columns') }}
)

select
    findings.finding_id,
    cells.rule_id,
    cells.column_no,
    cells.row_no,
    cells.cell_column_no,
    cells.cell_row_no,
    cells.cell_role,
    cells.value,
    cells.step,
    cells.half_step_points,
    cells.pull,
    cells.holds_from,
    cells.holds_to
from {{ ref('int_diagnosis__rule_cells') }} as cells
inner join findings on {{ same_claim('cells', 'findings') }}
where not {{ rule_holds_with('cells', 'cells.value') }}
