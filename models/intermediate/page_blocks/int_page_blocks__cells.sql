-- Names of a wide table may be wrong, so a row is tied to its region by its number in the results, unless somebody
-- decided that in this document the names tell.
select
    details.document_id,
    details.table_id,
    details.block_no,
    details.row_no,
    details.column_no,
    details.source_line,
    details.printed_name,
    details.score_printed,
    details.score,
    case when by_name.document_id is null then details.row_no else by_name.result_row_no end as result_row_no
from {{ ref('stg_page_blocks__cells') }} as details
left join {{ ref('int_page_blocks__rows_by_name') }} as by_name
    on
        details.document_id = by_name.document_id
        and details.block_no = by_name.block_no
        and details.row_no = by_name.row_no
