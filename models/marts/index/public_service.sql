-- The lists of the decision side by side, a row per government that they name.
with scores as (
    select * from {{ ref('index_scores') }}
    where instrument = 'public_service'
),

sides as (
    select
        document_id,
        region_code,
        max(case when component_code = 'social_service' then score_published end) as social_service,
        max(case when component_code = 'hospital' then score_published end) as hospital,
        max(case when component_code = 'third_unit' then score_published end) as third_unit
    from scores
    group by document_id, region_code
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
    totals.document_id,
    totals.edition_year,
    totals.table_id,
    totals.row_no,
    totals.region_code,
    sides.social_service,
    sides.hospital,
    sides.third_unit,
    totals.score_published as index_published,
    totals.score_recomputed as index_recomputed,
    totals.verdict,
    totals.is_disputed,
    grades.published_text as grade_published,
    grades.recomputed_text as grade_recomputed,
    rankings.rank,
    rankings.rank_recomputed,
    rankings.peer_group,
    totals.children_expected as units_evaluated
from scores as totals
inner join sides
    on
        totals.document_id = sides.document_id
        and totals.region_code = sides.region_code
left join grades
    on
        totals.document_id = grades.document_id
        and totals.region_code = grades.subject_code
left join rankings
    on
        totals.document_id = rankings.document_id
        and totals.region_code = rankings.region_code
where totals.component_code = 'public_service'
