with scores as (
    select * from {{ ref('index_scores') }}
    where instrument = 'accountability'
),

components as (
    select * from {{ ref('int_index__components') }}
    where instrument = 'accountability'
),

predicates as (
    select * from {{ ref('int_quality__category_claims') }}
    where rule_id = 'accountability.predicate'
)

select
    scores.document_id,
    scores.edition_year,
    scores.region_code,
    scores.component_code,
    components.weight,
    scores.score_published as score,
    totals.score_published as total,
    totals.score_recomputed as total_recomputed,
    totals.verdict,
    totals.is_disputed,
    predicates.published_text as predicate,
    predicates.recomputed_text as predicate_recomputed
from scores
inner join components
    on
        scores.edition_year = components.edition_year
        and scores.component_code = components.component_code
inner join scores as totals
    on
        scores.document_id = totals.document_id
        and scores.edition_year = totals.edition_year
        and scores.region_code = totals.region_code
        and totals.component_code = 'accountability'
left join predicates
    on
        scores.document_id = predicates.document_id
        and scores.edition_year = predicates.edition_year
        and scores.region_code = predicates.subject_code
where scores.component_code != 'accountability'
