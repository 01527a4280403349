select
    documents.document_id,
    documents.number,
    documents.title as title_id,
    documents.title_en,
    documents.issuer,
    documents.issued_on,
    documents.instrument,
    instruments.label_id as instrument_label_id,
    instruments.label_en as instrument_label_en,
    documents.edition_year,
    documents.fiscal_quarter,
    documents.subject_name,
    documents.rupiah_per_unit,
    documents.is_cumulative,
    documents.file_name,
    documents.file_sha256,
    documents.added_on
from {{ ref('document_register') }} as documents
left join {{ ref('instruments') }} as instruments on documents.instrument = instruments.instrument
