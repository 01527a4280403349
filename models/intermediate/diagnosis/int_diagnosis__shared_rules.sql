-- Rules that rest on several cells of a column: an order, a sum of lines. Others of a cell rest on it alone there.
select
    rule_id,
    column_no,
    row_no,
    cell_column_no
from {{ ref('int_diagnosis__rule_cells') }}
group by rule_id, column_no, row_no, cell_column_no
having count(*) > 1
