-- Competition rank on the published score. A region is surely ahead of another only if the intervals that the two
-- printed figures stand for do not meet: as figures lie on a grid of one step, if it is more than a step ahead.
with totals as (
    select
        scores.document_id,
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        regions.region_type,
        scores.score_published as score,
        -- In steps, so that the frames below are whole numbers.
        scores.score_published * {{ steps_per_unit('components.printed_step') }} as steps
    from {{ ref('index_scores') }} as scores
    inner join {{ ref('int_index__components') }} as components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    inner join {{ ref('official_regions') }} as regions on scores.region_code = regions.region_code
    where
        scores.component_level = 'index'
        and scores.score_published is not null
),

grouped as (
    select
        *,
        'all' as peer_group
    from totals
    union all
    select
        *,
        region_type as peer_group
    from totals
),

ranked as (
    select
        *,
        rank() over best_first as score_rank,
        count(*) over peers as group_size,
        count(*) over ahead as surely_ahead,
        count(*) over behind as surely_behind,
        count(*) over peers - count(*) over best_first as lower_scores
    from grouped
    window
        peers as (partition by document_id, edition_year, peer_group),
        best_first as (partition by document_id, edition_year, peer_group order by steps desc),
        ahead as (
            partition by document_id, edition_year, peer_group
            order by steps desc range between unbounded preceding and 2 preceding
        ),
        behind as (
            partition by document_id, edition_year, peer_group
            order by steps desc range between 2 following and unbounded following
        )
)

select
    document_id,
    instrument,
    edition_year,
    region_code,
    peer_group,
    score,
    cast(score_rank as bigint) as rank,
    1 + surely_ahead as rank_best,
    group_size - surely_behind as rank_worst,
    group_size,
    cast({{ exact_quotient('100 * lower_scores', 'group_size - 1') }} as decimal(5, 2)) as percentile
from ranked
