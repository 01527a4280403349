-- Where somebody decided that the names tie the rows of a wide table to the results, and not the numbers (results
-- ranked, details in the order of the alphabet): the number that each row has in the results.
with documents as (
    select document_id from {{ ref('document_register') }}
    where rows_by = 'name'
),

rows_of_blocks as (
    select distinct
        details.document_id,
        details.block_no,
        details.row_no,
        names.region_code
    from {{ ref('stg_page_blocks__cells') }} as details
    inner join documents on details.document_id = documents.document_id
    left join {{ ref('region_names') }} as names on details.printed_name = names.printed_name
),

results as (
    select
        results.document_id,
        names.region_code,
        min(results.row_no) as row_no
    from {{ ref('stg_lists__names') }} as results
    inner join documents on results.document_id = documents.document_id
    inner join {{ ref('region_names') }} as names on results.printed_name = names.printed_name
    where results.is_result
    group by results.document_id, names.region_code
)

select
    rows_of_blocks.document_id,
    rows_of_blocks.block_no,
    rows_of_blocks.row_no,
    min(results.row_no) as result_row_no
from rows_of_blocks
left join results
    on
        rows_of_blocks.document_id = results.document_id
        and rows_of_blocks.region_code = results.region_code
group by rows_of_blocks.document_id, rows_of_blocks.block_no, rows_of_blocks.row_no
