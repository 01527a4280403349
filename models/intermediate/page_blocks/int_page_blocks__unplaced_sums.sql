{%- set half_steps = {'printed': 'printed_half_step', 'effective': 'effective_half_step'} -%}

-- Scores of a block whose columns cannot be told apart still bound the averages of the dimensions that the block's
-- headings belong to: with k values for m columns, the m smallest and the m largest are the extremes.
-- In hundred-thousandths, as int_page_blocks__indicator_sums adds up the others.
with unplaced_columns as (
    select * from {{ ref('int_page_blocks__placed_columns') }}
    where component_code is null
),

rows_of_blocks as (
    select
        details.document_id,
        details.block_no,
        details.result_row_no as row_no,
        {{ sorted_list('cast(details.score * 100000 as bigint)') }} as scores
    from {{ ref('int_page_blocks__cells') }} as details
    inner join unplaced_columns as columns
        on
            details.document_id = columns.document_id
            and details.block_no = columns.block_no
            and details.column_no = columns.column_no
    where
        details.score is not null
        and details.result_row_no is not null
    group by details.document_id, details.block_no, details.result_row_no
),

blocks as (
    select * from {{ ref('int_page_blocks__block_positions') }}
    where columns_before is not null
),

components as (
    select
        instrument,
        edition_year,
        component_code,
        parent_code,
        {{ scale_as_integers() }}
    from {{ ref('int_index__components') }}
),

slots as (
    select
        blocks.document_id,
        blocks.block_no,
        components.parent_code,
        count(*) as slots,
        min(components.score_min) as score_min,
        max(components.score_max) as score_max,
        max(components.printed_half_step) as printed_half_step,
        max(components.effective_half_step) as effective_half_step
    from blocks
    inner join {{ ref('detail_headings') }} as headings
        on
            headings.position between blocks.columns_before + 1 and blocks.columns_before + blocks.headed_columns
            and blocks.instrument = headings.instrument
            and {{ holds_in('headings', 'blocks.edition_year') }}
    inner join components
        on
            blocks.instrument = components.instrument
            and headings.component_code = components.component_code
            and blocks.edition_year = components.edition_year
    group by blocks.document_id, blocks.block_no, components.parent_code
),

extremes as (
    select
        slots.*,
        details.row_no,
        {{ first_of('details.scores', 'slots.slots') }} as lowest_scores,
        {{ last_of('details.scores', 'slots.slots') }} as highest_scores
    from rows_of_blocks as details
    inner join slots
        on
            details.document_id = slots.document_id
            and details.block_no = slots.block_no
)

select
    document_id,
    row_no,
    parent_code as component_code,
    {%- for precision, half_step in half_steps.items() %}
        cast(sum(
            {{ sum_over('lowest_scores', interval_low('score', half_step, 'score_min') ~ ' - score_min') }}
        ) as bigint)
            as {{ precision }}_above_floor,
        cast(sum(
            {{ sum_over('highest_scores', interval_high('score', half_step, 'score_max') ~ ' - score_max') }}
        ) as bigint)
            as {{ precision }}_above_ceiling,
    {%- endfor %}
    cast(sum({{ length_of('lowest_scores') }}) as bigint) as children
from extremes
group by document_id, row_no, parent_code
