select
    document_id,
    number,
    title as title_id,
    title_en,
    issuer,
    issued_on,
    instrument,
    edition_year,
    fiscal_quarter,
    subject_name,
    rupiah_per_unit,
    is_cumulative,
    file_name,
    file_sha256,
    added_on
from {{ ref('document_register') }}
