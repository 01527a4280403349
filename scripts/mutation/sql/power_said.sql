-- What the intervals say of each line: its misprints, and how many of them are noticed.
select printed.rowid, said.misprints, said.misprints_noticed
from raw.{seed} as printed
inner join base.intermediate.int_diagnosis__misprints as said
    on printed.document_id = said.document_id
    and printed.table_id = said.table_id
    and cast(printed.row_no as integer) = said.row_no
    and said.column_name = '{column}'
