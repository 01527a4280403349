with scores as (
    select
        scores.*,
        names.region_code
    from {{ ref('stg_public_service__scores') }} as scores
    left join {{ ref('region_names') }} as names on scores.printed_name = names.printed_name
),

totals as (
    select * from {{ ref('index_scores') }}
    where component_code = 'public_service'
),

grades as (
    select * from {{ ref('int_quality__category_claims') }}
    where rule_id = 'public_service.grade'
),

rankings as (
    select * from {{ ref('index_rankings') }}
    where
        instrument = 'public_service'
        and peer_group != 'all'
)

select
    scores.document_id,
    totals.edition_year,
    scores.table_id,
    scores.row_no,
    scores.region_code,
    scores.social_service,
    scores.hospital,
    scores.third_unit,
    scores.index_score as index_published,
    totals.score_recomputed as index_recomputed,
    scores.grade as grade_published,
    grades.recomputed_text as grade_recomputed,
    rankings.rank,
    rankings.peer_group,
    totals.children_expected as units_evaluated
from scores
left join totals
    on
        scores.document_id = totals.document_id
        and scores.region_code = totals.region_code
left join grades
    on
        scores.document_id = grades.document_id
        and scores.region_code = grades.subject_code
left join rankings
    on
        scores.document_id = rankings.document_id
        and scores.region_code = rankings.region_code
