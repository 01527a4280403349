-- Every published total stands in two peer groups, its place there counted row by row: ties share the best place, a
-- region within one printed step ahead or behind could change places with it, and the percentile is the share of the
-- others that are lower. Where the recomputed score contends with the published one, it counts for `rank_recomputed`.
with totals as (
    select
        scores.document_id,
        scores.edition_year,
        scores.region_code,
        regions.region_type,
        scores.score_published as score,
        cast(scores.score_published * {{ steps_per_unit('components.printed_step') }} as bigint) as steps,
        case
            when scores.verdict in ('exact', 'within_rounding', 'outside') then scores.score_recomputed
            else scores.score_published
        end as believed
    from {{ ref('index_scores') }} as scores
    inner join {{ ref('score_components') }} as components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    inner join {{ ref('regions') }} as regions on scores.region_code = regions.region_code
    where
        scores.component_level = 'index'
        and scores.score_published is not null
),

grouped as (
    {%- for group in ["'all'", 'region_type'] %}
        select
            document_id,
            edition_year,
            region_code,
            {{ group }} as peer_group,
            score,
            steps,
            believed
        from totals
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

placed as (
    select
        *,
        rank() over (partition by document_id, edition_year, peer_group order by steps desc) as place,
        rank() over (partition by document_id, edition_year, peer_group order by believed desc) as believed_place,
        count(*) over (partition by document_id, edition_year, peer_group, steps) as alike,
        count(*) over (partition by document_id, edition_year, peer_group) as peers
    from grouped
),

reached as (
    select
        *,
        min(place) over (
            partition by document_id, edition_year, peer_group
            order by steps desc range between 1 preceding and current row
        ) as best_place,
        max(place + alike - 1) over (
            partition by document_id, edition_year, peer_group
            order by steps desc range between current row and 1 following
        ) as worst_place,
        peers - place - alike + 1 as lower
    from placed
)

select
    concat_ws(
        '',
        concat_ws(
            ', ',
            coalesce(reached.document_id, rankings.document_id), coalesce(reached.edition_year, rankings.edition_year),
            coalesce(reached.region_code, rankings.region_code), coalesce(reached.peer_group, rankings.peer_group)
        ),
        ': score ',
        coalesce(concat(reached.score), 'nothing'),
        ', rank ',
        reached.place,
        ' or ',
        reached.believed_place,
        ' (',
        reached.best_place,
        ' to ',
        reached.worst_place,
        ') of ',
        reached.peers,
        ', ',
        reached.lower,
        ' lower; index_rankings has score ',
        coalesce(concat(rankings.score), 'nothing'),
        ', rank ',
        rankings.rank,
        ' or ',
        rankings.rank_recomputed,
        ' (',
        rankings.rank_best,
        ' to ',
        rankings.rank_worst,
        ') of ',
        rankings.group_size,
        ', percentile ',
        rankings.percentile
    ) as message
from reached
full join {{ ref('index_rankings') }} as rankings
    on
        reached.document_id = rankings.document_id
        and reached.edition_year = rankings.edition_year
        and reached.region_code = rankings.region_code
        and reached.peer_group = rankings.peer_group
where
    reached.score is distinct from rankings.score
    or reached.place is distinct from rankings.rank
    or reached.believed_place is distinct from rankings.rank_recomputed
    or reached.best_place is distinct from rankings.rank_best
    or reached.worst_place is distinct from rankings.rank_worst
    or reached.peers is distinct from rankings.group_size
    or (reached.peers = 1) != (rankings.percentile is null)
    or not coalesce({{ is_percentage('rankings.percentile', 'reached.lower', 'reached.peers - 1') }}, reached.peers = 1)
