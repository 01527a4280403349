-- Competition rank on the published score. A region is surely ahead of another only if the intervals that the two
-- printed figures stand for do not meet: as figures lie on a grid of one step, if it is more than a step ahead.
with totals as (
    select
        scores.document_id,
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        regions.region_type,
        scores.score,
        -- In steps, so that the frames below are whole numbers.
        scores.score * {{ steps_per_unit('components.printed_step') }} as steps
    from {{ ref('int_index__result_scores') }} as scores
    inner join {{ ref('int_index__components') }} as components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    inner join {{ ref('official_regions') }} as regions on scores.region_code = regions.region_code
    where
        components.component_depth = 0
        and scores.score is not null
        and {{ in_documents('scores.document_id') }}
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

-- Regions with the same score rank alike, and a list of thousands has a few hundred different scores.
different_scores as (
    select
        document_id,
        edition_year,
        peer_group,
        score,
        steps,
        count(*) as regions
    from grouped
    group by document_id, edition_year, peer_group, score, steps
),

places as (
    select
        *,
        sum(regions) over (peers) as group_size,
        sum(regions) over (best_first) - regions as ahead,
        sum(regions) over two_steps_ahead as surely_ahead,
        sum(regions) over two_steps_behind as surely_behind,
        sum(regions) over (peers) - sum(regions) over (best_first) as behind
    from different_scores
    window
        peers as (partition by document_id, edition_year, peer_group),
        best_first as (partition by document_id, edition_year, peer_group order by steps desc),
        two_steps_ahead as (
            partition by document_id, edition_year, peer_group
            order by steps desc range between unbounded preceding and 2 preceding
        ),
        two_steps_behind as (
            partition by document_id, edition_year, peer_group
            order by steps desc range between 2 following and unbounded following
        )
)

select
    grouped.document_id,
    grouped.instrument,
    grouped.edition_year,
    grouped.region_code,
    grouped.peer_group,
    grouped.score,
    cast(1 + places.ahead as bigint) as rank,
    cast(1 + coalesce(places.surely_ahead, 0) as bigint) as rank_best,
    cast(places.group_size - coalesce(places.surely_behind, 0) as bigint) as rank_worst,
    cast(places.group_size as bigint) as group_size,
    cast({{ percentage_of('places.behind', 'places.group_size - 1') }} as decimal(5, 2))
        as percentile
from grouped
inner join places
    on
        grouped.document_id = places.document_id
        and grouped.edition_year = places.edition_year
        and grouped.peer_group = places.peer_group
        and grouped.score = places.score
