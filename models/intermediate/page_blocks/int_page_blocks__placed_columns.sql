-- The indicator of each value column; none where a block has values that its headings do not account for. Printed
-- differences are taken from one column of two hundred or so: a flag, as it reaches the scan of the cells, which a join
-- above a union does not.
with differenced as (
    select distinct
        instrument,
        input_code
    from {{ ref('score_differences') }}
)

select
    columns.document_id,
    columns.block_no,
    columns.column_no,
    blocks.instrument,
    blocks.edition_year,
    headings.component_code,
    differenced.input_code is not null as may_be_differenced
from {{ ref('stg_page_blocks__columns') }} as columns
inner join {{ ref('int_page_blocks__block_positions') }} as blocks
    on
        columns.document_id = blocks.document_id
        and columns.block_no = blocks.block_no
left join {{ ref('detail_headings') }} as headings
    on
        blocks.instrument = headings.instrument
        and blocks.is_placed
        and blocks.columns_before + columns.column_no = headings.position
        and {{ holds_in('headings', 'blocks.edition_year') }}
left join differenced
    on
        blocks.instrument = differenced.instrument
        and headings.component_code = differenced.input_code
