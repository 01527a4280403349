select
    document_id,
    table_id,
    block_no,
    row_no,
    column_no,
    source_line,
    region_name as printed_name,
    value as score_printed,
    {{ score_cell('smart_city__details', 'value') }} as score
from {{ ref('smart_city__details') }}
where {{ near_documents('document_id') }}
