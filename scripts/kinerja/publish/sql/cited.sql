-- What a citation leads to: the document and the place in it, what is printed there, and whether it was made of this release: cited('kinerja:2026-11-22.1/public_service_2024/B/1/index_score').
-- Rujukan suatu kutipan: dokumen dan letaknya, yang tercetak di sana, dan apakah dibuat dari rilis ini.
create macro cited(citation) as table
with parts as (
    select regexp_extract(
        citation,
        '^kinerja:([^/]+)/([^/]+)/([^/]+)/([^/]+)/([^/]+)$',
        ['version', 'document_id', 'table_id', 'row_no', 'column_name']
    ) as part
),

figures as (
    select document_id, table_id, row_no, column_name, source_line, score_printed as printed
    from marts.index_scores
    union all
    select document_id, table_id, row_no, column_name, source_line, published_text from marts.reconciliation
    union all
    select document_id, table_id, row_no, column_name, source_line, printed from marts.findings
    union all
    select document_id, table_id, row_no, 'ceiling_rupiah', source_line, cast(ceiling_rupiah as varchar)
    from marts.budget_realization
    union all
    select document_id, table_id, row_no, 'realization_rupiah', source_line, cast(realization_rupiah as varchar)
    from marts.budget_realization
    union all
    select document_id, table_id, row_no, 'target', source_line, cast(target as varchar)
    from marts.target_achievement
    union all
    select document_id, table_id, row_no, 'realization', source_line, cast(realization as varchar)
    from marts.target_achievement
)

select
    documents.document_id,
    documents.number,
    documents.title_id,
    documents.title_en,
    documents.issuer,
    documents.issued_on,
    part.table_id,
    part.row_no,
    part.column_name,
    min(figures.source_line) as source_line,
    min(figures.printed) as printed,
    part.version,
    part.version = (select arg_max(version, release_no) from marts.releases) as is_this_release,
    documents.file_sha256
from parts
inner join marts.documents as documents on documents.document_id = part.document_id
left join figures
    on
        figures.document_id = part.document_id
        and figures.table_id = part.table_id
        and coalesce(cast(figures.row_no as varchar), '-') = part.row_no
        and figures.column_name = part.column_name
where
    (
        select bool_and(if(
            part.version = '',
            error(concat(citation, ' is no citation; one is kinerja:RELEASE/DOCUMENT/TABLE/ROW/COLUMN, as cite() makes it.')),
            is_document(part.document_id)
        ))
        from parts
    )
group by all
