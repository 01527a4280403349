-- The cells of broken rules, numbered: what is tried for them goes by the number, as to tell four texts apart takes far
-- longer.
select
    row_number() over (
        order by cells.cell_document_id, cells.cell_table_id, cells.cell_row_no, cells.cell_column_name
    ) as cell_no,
    cells.*
from {{ ref('int_diagnosis__cells') }} as cells
where exists (
    select 1 from {{ ref('int_diagnosis__broken_rules') }} as broken
    where {{ same_cell('broken', 'cells') }}
)
