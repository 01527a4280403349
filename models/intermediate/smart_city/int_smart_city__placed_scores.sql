-- Names of the detail table are partly wrong, so a row is tied to its region by its number in the results.
with details as (
    select * from {{ ref('stg_smart_city__details') }}
    where score is not null
),

results as (
    select * from {{ ref('stg_smart_city__results') }}
),

blocks as (
    select * from {{ ref('int_smart_city__block_positions') }}
),

headings as (
    select * from {{ ref('detail_headings') }}
    where instrument = 'smart_city'
)

select
    details.document_id,
    details.table_id,
    details.block_no,
    details.row_no,
    details.column_no,
    details.source_line,
    blocks.edition_year,
    results.printed_name as result_printed_name,
    details.printed_name,
    headings.component_code,
    details.score_printed,
    details.score
from details
inner join blocks
    on
        details.document_id = blocks.document_id
        and details.block_no = blocks.block_no
left join results
    on
        details.document_id = results.document_id
        and details.row_no = results.row_no
left join headings
    on
        blocks.is_placed
        and blocks.columns_before + details.column_no = headings.position
        and {{ holds_in('headings', 'blocks.edition_year') }}
