with results as (
    select
        results.*,
        names.region_code
    from {{ ref('stg_smart_city__results') }} as results
    left join {{ ref('region_names') }} as names on results.printed_name = names.printed_name
),

scores as (
    select * from {{ ref('index_scores') }}
    where instrument = 'smart_city'
),

rankings as (
    select * from {{ ref('index_rankings') }}
    where
        instrument = 'smart_city'
        and peer_group = 'all'
)

select
    results.document_id,
    finals.edition_year,
    results.row_no,
    results.region_code,
    results.took_part,
    results.baseline,
    results.output,
    results.quick_win,
    results.impact,
    results.outcome,
    results.final_score,
    finals.score_recomputed as final_score_recomputed,
    previous_scores.score_published as previous_score,
    results.improvement,
    rankings.rank
from results
left join scores as finals
    on
        results.document_id = finals.document_id
        and results.region_code = finals.region_code
        and finals.component_code = 'smart_city'
left join scores as previous_scores
    on
        results.document_id = previous_scores.document_id
        and results.region_code = previous_scores.region_code
        and previous_scores.component_code = 'baseline_01'
left join rankings
    on
        results.document_id = rankings.document_id
        and results.region_code = rankings.region_code
