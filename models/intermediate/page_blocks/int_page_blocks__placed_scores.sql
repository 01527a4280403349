with results as (
    select
        results.document_id,
        results.row_no,
        results.printed_name,
        names.region_code
    from {{ ref('stg_lists__names') }} as results
    left join {{ ref('region_names') }} as names on results.printed_name = names.printed_name
    where results.is_result
)

select
    details.document_id,
    details.table_id,
    details.block_no,
    details.row_no,
    details.column_no,
    details.source_line,
    columns.instrument,
    columns.edition_year,
    results.region_code,
    results.printed_name as result_printed_name,
    details.printed_name,
    columns.component_code,
    columns.may_be_differenced,
    details.score_printed,
    details.score
from {{ ref('int_page_blocks__cells') }} as details
inner join {{ ref('int_page_blocks__placed_columns') }} as columns
    on
        details.document_id = columns.document_id
        and details.block_no = columns.block_no
        and details.column_no = columns.column_no
left join results
    on
        details.document_id = results.document_id
        and details.result_row_no = results.row_no
where details.score is not null
