-- A wide table by page: pages follow from the blocks that are printed, and the columns that no block
-- covers are the page that is missing everywhere.
with blocks as (
    select * from {{ ref('int_page_blocks__block_positions') }}
    where columns_before is not null
),

cells as (
    select
        cells.document_id,
        blocks.columns_before,
        count(distinct cells.row_no) as printed_rows,
        count(*) as printed_cells
    from {{ ref('int_page_blocks__placed_scores') }} as cells
    inner join blocks
        on
            cells.document_id = blocks.document_id
            and cells.block_no = blocks.block_no
    group by cells.document_id, blocks.columns_before
),

evaluated as (
    select
        document_id,
        count(*) as expected_rows
    from {{ ref('stg_lists__names') }}
    where
        is_result
        and is_evaluated
    group by document_id
),

positions as (
    select
        documents.document_id,
        headings.position,
        min(blocks.columns_before) as columns_before
    from {{ ref('document_register') }} as documents
    inner join {{ ref('detail_headings') }} as headings
        on
            documents.instrument = headings.instrument
            and {{ holds_in('headings', 'documents.edition_year') }}
    left join blocks
        on
            documents.document_id = blocks.document_id
            and headings.position between blocks.columns_before + 1 and blocks.columns_before + blocks.headed_columns
    group by documents.document_id, headings.position
)

select
    positions.document_id,
    'details' as table_id,
    concat('columns ', min(positions.position), '-', max(positions.position)) as column_block,
    evaluated.expected_rows,
    coalesce(cells.printed_rows, 0) as printed_rows,
    evaluated.expected_rows * count(*) as expected_cells,
    coalesce(cells.printed_cells, 0) as printed_cells
from positions
inner join evaluated on positions.document_id = evaluated.document_id
left join cells
    on
        positions.document_id = cells.document_id
        and positions.columns_before = cells.columns_before
group by
    positions.document_id, positions.columns_before, evaluated.expected_rows, cells.printed_rows, cells.printed_cells
