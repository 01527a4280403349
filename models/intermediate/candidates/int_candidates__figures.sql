-- Each figure of a total under each candidate rule. A candidate that moves a unit takes that unit's score from another
-- row of the same list, of those rows that do not follow the rule either.
with claims as (
    select * from {{ ref('reconciliation') }}
    where
        rule_id in (select tried.rule_id from {{ ref('candidate_rules') }} as tried)
        and recomputed is not null
),

scores as (
    select * from {{ ref('int_index__printed_scores') }}
),

candidates as (
    select * from {{ ref('candidate_rules') }}
),

weighed as (
    select
        candidates.candidate_id,
        claims.rule_id,
        claims.document_id,
        claims.table_id,
        claims.row_no,
        claims.subject_code,
        claims.published,
        claims.published_step,
        claims.verdict,
        candidates.rounding,
        candidates.moved_component,
        sum(weights.weight * scores.score)
        filter (where scores.component_code is distinct from candidates.moved_component) as score_sum,
        sum(weights.weight)
        filter (where scores.score is not null or candidates.absent_units = 'zero') as weight_sum,
        max(weights.weight) filter (where scores.component_code = candidates.moved_component) as moved_weight
    from claims
    inner join candidates on claims.rule_id = candidates.rule_id
    inner join {{ ref('candidate_weights') }} as weights on candidates.candidate_id = weights.candidate_id
    inner join scores
        on
            claims.document_id = scores.document_id
            and claims.edition_year = scores.edition_year
            and claims.subject_code = scores.region_code
            and weights.component_code = scores.component_code
    group by all
),

own_rows as (
    select
        *,
        0 as other_row_no,
        {{ exact_quotient('score_sum', 'weight_sum') }} as candidate_value
    from weighed
    where moved_component is null
),

moved_rows as (
    select
        weighed.*,
        donors.row_no as other_row_no,
        {{ exact_quotient('weighed.score_sum + weighed.moved_weight * donors.score', 'weighed.weight_sum') }}
            as candidate_value
    from weighed
    inner join claims as other_claims
        on
            weighed.document_id = other_claims.document_id
            and weighed.table_id = other_claims.table_id
            and weighed.row_no != other_claims.row_no
            and other_claims.verdict = 'outside'
    inner join scores as donors
        on
            other_claims.document_id = donors.document_id
            and other_claims.subject_code = donors.region_code
            and weighed.moved_component = donors.component_code
    where
        weighed.verdict = 'outside'
        and donors.score is not null
),

valued as (
    select * from own_rows
    union all
    select * from moved_rows
)

select
    candidate_id,
    rule_id,
    document_id,
    table_id,
    row_no,
    subject_code,
    published,
    verdict,
    other_row_no,
    candidate_value,
    {{ round_as('rounding', 'candidate_value', 'published_step') }} = published as is_explained
from valued
