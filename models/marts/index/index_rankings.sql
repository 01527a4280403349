-- Competition rank on the published score. A region is surely ahead of another only if the intervals that the two
-- printed figures stand for do not meet: as figures lie on a grid of one step, if it is more than a step ahead.
-- Beside it the rank when recomputed scores are believed.
with components as (
    select
        instrument,
        edition_year,
        component_code,
        {{ steps_per_unit('printed_step') }} as steps_per_unit
    from {{ ref('int_index__components') }}
    where component_depth = 0
),

-- Of the verdicts, of which there are more by far, those on totals: the side of a join that is held in memory.
claims as (
    select
        document_id,
        edition_year,
        subject_code,
        component_code,
        verdict,
        -- As all scores: in 64 bits, where rupiah need 128.
        cast(recomputed as decimal(18, 12)) as recomputed
    from {{ ref('reconciliation') }}
    where
        component_code in (select components.component_code from components)
        and {{ in_documents('document_id') }}
),

totals as (
    select
        scores.document_id,
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        regions.region_type,
        scores.score,
        -- In steps, so that the frames below are whole numbers.
        scores.score * components.steps_per_unit as steps,
        claims.verdict,
        -- Inputs that are missing or printed coarser do not contend with the published score.
        cast(
            coalesce(case when claims.verdict != 'within_bounds' then claims.recomputed end, scores.score)
            as decimal(18, 6)
        ) as score_believed
    from {{ ref('int_index__result_scores') }} as scores
    inner join components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    inner join {{ ref('official_regions') }} as regions on scores.region_code = regions.region_code
    left join claims
        on
            scores.document_id = claims.document_id
            and scores.edition_year = claims.edition_year
            and scores.region_code = claims.subject_code
            and scores.component_code = claims.component_code
    where
        scores.score is not null
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
),

different_beliefs as (
    select
        document_id,
        edition_year,
        peer_group,
        score_believed,
        count(*) as regions
    from grouped
    group by document_id, edition_year, peer_group, score_believed
),

believed_places as (
    select
        *,
        sum(regions) over (partition by document_id, edition_year, peer_group order by score_believed desc)
        - regions as ahead
    from different_beliefs
)

select
    grouped.document_id,
    grouped.instrument,
    grouped.edition_year,
    grouped.region_code,
    grouped.peer_group,
    grouped.score,
    grouped.verdict,
    coalesce(grouped.verdict = 'outside', false) as is_disputed,
    cast(1 + places.ahead as bigint) as rank,
    cast(1 + believed_places.ahead as bigint) as rank_recomputed,
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
-- Each has a place here, too; but DuckDB would join both lists of places with one another before it joins the regions.
left join believed_places
    on
        grouped.document_id = believed_places.document_id
        and grouped.edition_year = believed_places.edition_year
        and grouped.peer_group = believed_places.peer_group
        and grouped.score_believed = believed_places.score_believed
