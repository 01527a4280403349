-- Scores of a block whose columns cannot be told apart still bound the averages of the dimensions that the block's
-- headings belong to: with k values for m columns, the m smallest and the m largest are the extremes.
with details as (
    select * from {{ ref('int_smart_city__placed_scores') }}
    where component_code is null
),

blocks as (
    select * from {{ ref('int_smart_city__block_positions') }}
    where columns_before is not null
),

components as (
    select * from {{ ref('int_index__components') }}
    where instrument = 'smart_city'
),

slots as (
    select
        blocks.document_id,
        blocks.block_no,
        blocks.edition_year,
        components.parent_code,
        count(*) as slots,
        min(components.score_min) as score_min,
        max(components.score_max) as score_max,
        max(components.printed_step) as printed_step,
        max(components.effective_step) as effective_step
    from blocks
    inner join {{ ref('detail_headings') }} as headings
        on
            headings.position between blocks.columns_before + 1 and blocks.columns_before + blocks.headed_columns
            and headings.instrument = 'smart_city'
            and {{ holds_in('headings', 'blocks.edition_year') }}
    inner join components
        on
            headings.component_code = components.component_code
            and blocks.edition_year = components.edition_year
    group by blocks.document_id, blocks.block_no, blocks.edition_year, components.parent_code
)

select
    details.document_id,
    details.block_no,
    details.row_no,
    details.column_no,
    'smart_city' as instrument,
    slots.edition_year,
    names.region_code,
    slots.parent_code,
    slots.slots,
    details.score,
    row_number() over (order_up) as place_from_lowest,
    row_number() over (order_down) as place_from_highest,
    {{ interval_low('details.score', 'slots.printed_step', 'slots.score_min') }} as printed_low,
    {{ interval_high('details.score', 'slots.printed_step', 'slots.score_max') }} as printed_high,
    {{ interval_low('details.score', 'slots.effective_step', 'slots.score_min') }} as effective_low,
    {{ interval_high('details.score', 'slots.effective_step', 'slots.score_max') }} as effective_high
from details
inner join slots
    on
        details.document_id = slots.document_id
        and details.block_no = slots.block_no
inner join {{ ref('region_names') }} as names on details.result_printed_name = names.printed_name
window
    order_up as (
        partition by details.document_id, details.block_no, details.row_no, slots.parent_code
        order by details.score, details.column_no
    ),
    order_down as (
        partition by details.document_id, details.block_no, details.row_no, slots.parent_code
        order by details.score desc, details.column_no asc
    )
