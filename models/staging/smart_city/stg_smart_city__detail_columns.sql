select
    document_id,
    table_id,
    block_no,
    column_no,
    source_line,
    group_heading,
    heading
from {{ ref('smart_city__detail_columns') }}
