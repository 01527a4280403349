-- The changed lines whose cell a finding is about: one that was not there before, or one of the cell itself. Null for a
-- finding that no changed cell enters.
with cells as (
    select printed.rowid as line, printed.document_id, printed.table_id, cast(printed.row_no as integer) as row_no
    from raw.{seed} as printed
    inner join changed on printed.rowid = changed.line
),
touched as (
    select
        rests.rule_id, figures.document_id, figures.table_id, rests.row_no, figures.column_name, cells.line,
        (rests.column_no, rests.row_no) = (rests.cell_column_no, rests.cell_row_no) as is_own
    from cells
    inner join base.intermediate.int_diagnosis__columns as columns
        on cells.document_id = columns.document_id
        and cells.table_id = columns.table_id
        and columns.column_name = '{column}'
    inner join base.intermediate.int_diagnosis__rule_cells as rests
        on columns.column_no = rests.cell_column_no
        and cells.row_no = rests.cell_row_no
    inner join base.intermediate.int_diagnosis__columns as figures on rests.column_no = figures.column_no
)
select distinct touched.line
from intermediate.int_quality__findings as findings
left join base.intermediate.int_quality__findings as before using (finding_id)
left join touched
    on findings.rule_id = touched.rule_id
    and findings.document_id = touched.document_id
    and findings.table_id = touched.table_id
    and findings.row_no = touched.row_no
    and findings.column_name = touched.column_name
where before.finding_id is null or touched.is_own
