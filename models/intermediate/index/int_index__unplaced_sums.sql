-- Scores of a block whose columns cannot be told apart still bound the averages of the dimensions that the block's
-- headings belong to: with k values for m columns, the m smallest and the m largest are the extremes.
-- In hundred-thousandths, as int_index__recomputed_scores adds them up.
with rows_of_blocks as (
    select
        document_id,
        block_no,
        row_no,
        region_code,
        {{ sorted_list('cast(score * 100000 as bigint)') }} as scores
    from {{ ref('int_smart_city__placed_scores') }}
    where component_code is null
    group by document_id, block_no, row_no, region_code
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
        min({{ as_integer('components.score_min', 5) }}) as score_min,
        max({{ as_integer('components.score_max', 5) }}) as score_max,
        max({{ as_integer(half('components.printed_step'), 5) }}) as printed_half_step,
        max({{ as_integer(half('components.effective_step'), 5) }}) as effective_half_step
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
),

extremes as (
    select
        slots.*,
        details.region_code,
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
    edition_year,
    region_code,
    parent_code as component_code,
    cast(sum({{ length_of('lowest_scores') }}) as bigint) as slots,
    {%- for precision in ['printed', 'effective'] %}
        sum({{ sum_over('lowest_scores', interval_low('score', precision ~ '_half_step', 'score_min') ~ ' - score_min') }})
            as {{ precision }}_above_floor,
        sum({{ sum_over('highest_scores', interval_high('score', precision ~ '_half_step', 'score_max') ~ ' - score_max') }})
            as {{ precision }}_above_ceiling{{ ',' if not loop.last }}
    {%- endfor %}
from extremes
group by document_id, edition_year, region_code, parent_code
