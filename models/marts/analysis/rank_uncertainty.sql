{%- set group = ['document_id', 'edition_year', 'peer_group', 'cause'] -%}

-- Where each total may rank among its peers, by cause of doubt: exactly where scores are intervals, by draws where the
-- weights are doubted.
with totals as (
    select
        *,
        -- What ranks when recomputed figures are believed.
        coalesce(score_rival, score) as score_believed
    from {{ ref('score_intervals') }}
    where component_depth = 0
),

members as (
    select
        totals.*,
        peers.peer_group
    from totals
    inner join {{ ref('peer_groups') }} as peers on totals.region_code = peers.region_code
),

-- A figure taken at its word is an interval without width: its best rank is its rank.
readings as (
    {%- for cause, low, high in [
        ('published', 'score', 'score'),
        ('recomputed', 'score_believed', 'score_believed'),
        ('rounding', 'rounding_low', 'rounding_high'),
        ('disputed', 'disputed_low', 'disputed_high'),
    ] %}
        select
            document_id,
            instrument,
            edition_year,
            region_code,
            peer_group,
            '{{ cause }}' as cause,
            cast({{ low }} as decimal(18, 6)) as low,
            cast({{ high }} as decimal(18, 6)) as high
        from members
        where {{ low }} is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

bounded as (
    {{ rank_bounds('readings', group) }}
),

ranks as (
    select
        document_id,
        edition_year,
        region_code,
        peer_group,
        max(case when cause = 'published' then rank_best end) as rank,
        max(case when cause = 'recomputed' then rank_best end) as rank_recomputed
    from bounded
    where cause in ('published', 'recomputed')
    group by document_id, edition_year, region_code, peer_group
),

readings_and_draws as (
    select
        document_id,
        edition_year,
        region_code,
        peer_group,
        cause,
        rank_best,
        rank_worst,
        cast(null as bigint) as rank_p05,
        cast(null as bigint) as rank_median,
        cast(null as bigint) as rank_p95,
        'exact' as method,
        group_size
    from bounded
    union all
    select
        document_id,
        edition_year,
        region_code,
        peer_group,
        'weights' as cause,
        rank_best,
        rank_worst,
        rank_p05,
        rank_median,
        rank_p95,
        'draws' as method,
        group_size
    from {{ ref('weight_rankings') }}
),

-- All together: whatever is believed, the published and the recomputed scores as they stand included.
all_causes as (
    select * from readings_and_draws
    where cause in ('rounding', 'disputed', 'weights')
    union all
    select
        document_id,
        edition_year,
        region_code,
        peer_group,
        'all' as cause,
        min(rank_best) as rank_best,
        max(rank_worst) as rank_worst,
        cast(null as bigint) as rank_p05,
        cast(null as bigint) as rank_median,
        cast(null as bigint) as rank_p95,
        -- 'draws' comes before 'exact'.
        min(method) as method,
        max(group_size) as group_size
    from readings_and_draws
    group by document_id, edition_year, region_code, peer_group
)

select
    causes.document_id,
    documents.instrument,
    causes.edition_year,
    causes.region_code,
    causes.peer_group,
    causes.cause,
    ranks.rank,
    ranks.rank_recomputed,
    causes.rank_best,
    causes.rank_worst,
    causes.rank_p05,
    causes.rank_median,
    causes.rank_p95,
    causes.group_size,
    causes.method
from all_causes as causes
inner join {{ ref('documents') }} as documents on causes.document_id = documents.document_id
left join ranks
    on
        causes.document_id = ranks.document_id
        and causes.edition_year = ranks.edition_year
        and causes.region_code = ranks.region_code
        and causes.peer_group = ranks.peer_group
