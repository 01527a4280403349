-- What a rule leaves possible for each of its cells holds the printed value, unless the verdict is outside.
select
    concat_ws(
        '', claims.rule_id, ' of ', claims.document_id, ', table ', claims.table_id, ', row ', claims.row_no,
        ', column ', claims.column_name, ': the verdict is ', claims.verdict, ', but of its cell ',
        cell_columns.column_name, ', row ', cells.cell_row_no, ', printed ', cells.printed, ', the rule leaves ',
        cells.holds_from, ' to ', cells.holds_to
    ) as message
from {{ ref('int_diagnosis__rule_cells') }} as cells
inner join {{ ref('int_diagnosis__columns') }} as columns on cells.column_no = columns.column_no
inner join {{ ref('int_diagnosis__columns') }} as cell_columns on cells.cell_column_no = cell_columns.column_no
inner join {{ ref('reconciliation') }} as claims
    on
        cells.rule_id = claims.rule_id
        and columns.document_id = claims.document_id
        and columns.table_id = claims.table_id
        and cells.row_no = claims.row_no
        and columns.column_name = claims.column_name
where {{ rule_holds_with('cells', 'cells.value') }} = (claims.verdict = 'outside')
