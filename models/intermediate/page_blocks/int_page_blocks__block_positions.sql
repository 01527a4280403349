-- A wide table is cut into page blocks. A block stands where its run of headings fits the known order of
-- columns. The questions repeat for each smart dimension, so a run can fit in several places: then the printed name
-- of the smart dimension decides, which stands over the block that holds most of its columns.
with columns as (
    select
        columns.*,
        documents.instrument,
        documents.edition_year
    from {{ ref('stg_page_blocks__columns') }} as columns
    inner join {{ ref('document_register') }} as documents on columns.document_id = documents.document_id
),

headings as (
    select * from {{ ref('detail_headings') }}
),

blocks as (
    select
        document_id,
        block_no,
        instrument,
        edition_year,
        count(*) as value_columns,
        count(heading) as headed_columns,
        lower({{ joined_text('group_heading', ' ', 'column_no') }}) as group_headings
    from columns
    group by document_id, block_no, instrument, edition_year
),

-- Editions of a year print the same headings, which are compared once.
printed_headings as (
    select distinct
        instrument,
        edition_year,
        heading
    from columns
),

positions as (
    select
        printed_headings.*,
        headings.position
    from printed_headings
    inner join headings
        on
            printed_headings.instrument = headings.instrument
            and {{ begins_with('lower(printed_headings.heading)', 'lower(headings.heading)') }}
            and {{ holds_in('headings', 'printed_headings.edition_year') }}
),

fits as (
    select
        columns.document_id,
        columns.block_no,
        positions.position - columns.column_no as columns_before,
        count(*) as fitting_columns
    from columns
    inner join positions
        on
            columns.instrument = positions.instrument
            and columns.edition_year = positions.edition_year
            and columns.heading = positions.heading
    group by columns.document_id, columns.block_no, positions.position - columns.column_no
),

named_columns as (
    select
        fits.document_id,
        fits.block_no,
        fits.columns_before,
        blocks.value_columns,
        blocks.headed_columns,
        count(*) filter (where contains(blocks.group_headings, lower(headings.group_heading))) as named_columns
    from fits
    inner join blocks
        on
            fits.document_id = blocks.document_id
            and fits.block_no = blocks.block_no
            and fits.fitting_columns = blocks.headed_columns
    inner join headings
        on
            blocks.instrument = headings.instrument
            and {{ holds_in('headings', 'blocks.edition_year') }}
            and headings.position between fits.columns_before + 1 and fits.columns_before + blocks.headed_columns
    group by all
),

ranked as (
    select
        *,
        rank() over (partition by document_id, block_no order by named_columns desc) as fit_rank,
        count(*) over (partition by document_id, block_no, named_columns) as fits_as_good
    from named_columns
)

select
    blocks.document_id,
    blocks.block_no,
    blocks.instrument,
    blocks.edition_year,
    ranked.columns_before,
    blocks.value_columns,
    blocks.headed_columns,
    -- One value more than headings: which one it is cannot be known, so no value of the block has a known column.
    ranked.columns_before is not null and blocks.value_columns = blocks.headed_columns as is_placed
from blocks
left join ranked
    on
        blocks.document_id = ranked.document_id
        and blocks.block_no = ranked.block_no
        and ranked.fit_rank = 1
        and ranked.fits_as_good = 1
