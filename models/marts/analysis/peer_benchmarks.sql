-- Each published score beside those of the region's peers: totals and what they are made of.
{%- set group = ['document_id', 'edition_year', 'component_code', 'peer_group'] %}
{%- set readings = {'published': ['score', 'score'], 'disputed': ['disputed_low', 'disputed_high']} %}

with members as (
    select
        scores.document_id,
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        scores.component_code,
        scores.component_depth,
        peers.peer_group,
        scores.score,
        scores.is_disputed,
        scores.disputed_low,
        scores.disputed_high
    from {{ ref('score_intervals') }} as scores
    inner join {{ ref('peer_groups') }} as peers on scores.region_code = peers.region_code
),

bounded as (
    {{ rank_bounds('members', group, readings) }}
),

placed as (
    select
        *,
        published_best as rank,
        published_size as scores,
        row_number() over (partition by {{ group | join(', ') }} order by score, region_code) as place
    from bounded
    where score is not null
),

summarised as (
    select
        {{ group | join(', ') }},
        {{ exact_quotient('sum(score)', 'count(*)', 4) }} as mean,
        {{ quartile(1, 'score', 'place', 'scores') }} as quartile_1,
        {{ quartile(2, 'score', 'place', 'scores') }} as median,
        {{ quartile(3, 'score', 'place', 'scores') }} as quartile_3,
        max(score) as best,
        -- Who shares the best score: the first by code, and how many there are.
        min(case when rank = 1 then region_code end) as best_region_code,
        count(case when rank = 1 then region_code end) as best_regions
    from placed
    group by {{ group | join(', ') }}
)

select
    placed.document_id,
    placed.instrument,
    placed.edition_year,
    placed.region_code,
    placed.component_code,
    placed.component_depth,
    placed.peer_group,
    placed.score as value,
    placed.is_disputed,
    cast(summarised.mean as decimal(18, 6)) as mean,
    cast(summarised.quartile_1 as decimal(18, 6)) as quartile_1,
    cast(summarised.median as decimal(18, 6)) as median,
    cast(summarised.quartile_3 as decimal(18, 6)) as quartile_3,
    summarised.best,
    summarised.best_region_code,
    summarised.best_regions,
    cast(summarised.best - placed.score as decimal(9, 4)) as gap,
    cast(placed.score - summarised.mean as decimal(18, 6)) as above_mean,
    placed.rank,
    placed.disputed_best as rank_best,
    placed.disputed_worst as rank_worst,
    placed.scores as group_size,
    cast({{ percentage_of('placed.scores - placed.published_worst', 'placed.scores - 1') }} as decimal(5, 2))
        as percentile
from placed
inner join summarised
    on
        placed.document_id = summarised.document_id
        and placed.edition_year = summarised.edition_year
        and placed.component_code = summarised.component_code
        and placed.peer_group = summarised.peer_group
