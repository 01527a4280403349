select
    document_id,
    table_id,
    row_no,
    source_line,
    addressee as printed_name
from {{ ref('smart_city__invitations') }}
where {{ near_documents('document_id') }}
