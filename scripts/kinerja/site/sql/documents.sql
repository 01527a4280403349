-- One row per document: what it is, how much of it is checked, what is wrong in it, what is lost.
with verdicts as (
    select
        document_id,
        count(*) as figures,
        count(*) filter (verdict in ('exact', 'within_rounding')) as reconciled,
        count(*) filter (verdict = 'outside') as outside
    from marts.reconciliation
    group by document_id
),

coverage as (
    select
        document_id,
        sum(expected_cells) as expected_cells,
        sum(printed_cells) as printed_cells,
        sum(expected_rows) as expected_rows,
        sum(printed_rows) as printed_rows
    from marts.source_coverage
    group by document_id
),

wrong as (
    select document_id, count(*) as findings from marts.findings group by document_id
)

select
    documents.*,
    documents.instrument_label_id as instrument_id,
    documents.instrument_label_en as instrument_en,
    coalesce(verdicts.figures, 0) as figures,
    coalesce(verdicts.reconciled, 0) as reconciled,
    coalesce(verdicts.outside, 0) as outside,
    coalesce(wrong.findings, 0) as findings,
    coverage.expected_cells,
    coverage.printed_cells,
    coverage.expected_rows,
    coverage.printed_rows
from marts.documents as documents
left join verdicts on documents.document_id = verdicts.document_id
left join coverage on documents.document_id = coverage.document_id
left join wrong on documents.document_id = wrong.document_id
order by documents.edition_year desc, documents.document_id
