-- Where each total may rank among its peers, by cause of doubt: exactly where scores are intervals, by draws where the
-- weights are doubted.
{%- set group = ['document_id', 'edition_year', 'peer_group'] %}
{%- set readings = {
    'published': ['score', 'score'],
    'recomputed': ['score_believed', 'score_believed'],
    'rounding': ['rounding_low', 'rounding_high'],
    'disputed': ['disputed_low', 'disputed_high'],
} %}

with members as (
    select
        totals.document_id,
        totals.instrument,
        totals.edition_year,
        totals.region_code,
        peers.peer_group,
        totals.score,
        -- What ranks when recomputed figures are believed.
        coalesce(totals.score_rival, totals.score) as score_believed,
        totals.rounding_low,
        totals.rounding_high,
        totals.disputed_low,
        totals.disputed_high
    from {{ ref('score_intervals') }} as totals
    inner join {{ ref('peer_groups') }} as peers on totals.region_code = peers.region_code
    where totals.component_depth = 0
),

bounded as (
    {{ rank_bounds('members', group, readings) }}
),

ranges as (
    select
        bounded.*,
        draws.rank_best as weights_best,
        draws.rank_p05,
        draws.rank_median,
        draws.rank_p95,
        draws.rank_worst as weights_worst,
        draws.group_size as weights_size
    from bounded
    left join {{ ref('weight_rankings') }} as draws
        on
            bounded.document_id = draws.document_id
            and bounded.edition_year = draws.edition_year
            and bounded.region_code = draws.region_code
            and bounded.peer_group = draws.peer_group
),

-- All together: whatever is believed, the recomputed scores as they stand included. `least` and `greatest` pass over
-- what is unknown.
hulls as (
    select
        *,
        {%- for bound, outermost in {'best': 'least', 'worst': 'greatest'}.items() %}
            {{ outermost }}(
                recomputed_{{ bound }}, rounding_{{ bound }}, disputed_{{ bound }}, weights_{{ bound }}
            ) as all_{{ bound }},
        {%- endfor %}
        greatest(rounding_size, disputed_size, weights_size) as all_size
    from ranges
),

causes as (
    {%- for cause, method in {'rounding': "'exact'", 'disputed': "'exact'", 'weights': "'draws'",
        'all': "case when weights_best is not null then 'draws' else 'exact' end"}.items() %}
        select
            document_id,
            instrument,
            edition_year,
            region_code,
            peer_group,
            '{{ cause }}' as cause,
            published_best as rank,
            recomputed_best as rank_recomputed,
            {{ cause }}_best as rank_best,
            {{ cause }}_worst as rank_worst,
            {%- for drawn in ['rank_p05', 'rank_median', 'rank_p95'] %}
                {{ drawn if cause == 'weights' else 'cast(null as bigint)' }} as {{ drawn }},
            {%- endfor %}
            {{ cause }}_size as group_size,
            {{ method }} as method
        from hulls
        where {{ cause }}_best is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from causes
