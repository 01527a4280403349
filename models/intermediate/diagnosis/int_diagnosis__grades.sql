-- Grades that are not their score's, with the one that is, and how the printed one can have come about.
with claims as (
    select * from {{ ref('int_quality__category_claims') }}
    where
        recomputed_text is not null
        and recomputed_text != published_text
),

scores as (
    select * from {{ ref('int_index__result_scores') }}
),

graded as (
    select
        findings.finding_id,
        claims.rule_id,
        claims.document_id,
        claims.table_id,
        claims.row_no,
        claims.column_name,
        claims.published_text as printed,
        claims.recomputed_text as proposed,
        scores.table_id as score_table_id,
        scores.row_no as score_row_no,
        scores.column_name as score_column_name,
        scores.edition_year,
        scores.region_code,
        scores.component_code,
        scores.score
    from claims
    inner join {{ ref('int_quality__findings') }} as findings on {{ same_rule('claims', 'findings') }}
    inner join {{ ref('stg_lists__grades') }} as grades
        on
            claims.document_id = grades.document_id
            and claims.table_id = grades.table_id
            and claims.row_no = grades.row_no
            and claims.column_name = grades.column_name
    inner join scores
        on
            claims.document_id = scores.document_id
            and claims.edition_year = scores.edition_year
            and claims.subject_code = scores.region_code
            and grades.component_code = scores.component_code
),

overlapping as (
    select distinct graded.finding_id
    from graded
    inner join {{ ref('stg_lists__bands') }} as bands
        on
            graded.document_id = bands.document_id
            and graded.printed = bands.grade
            and graded.score between bands.lower_bound and bands.upper_bound
)

select
    graded.finding_id,
    graded.document_id,
    graded.table_id,
    graded.row_no,
    graded.column_name,
    graded.printed,
    graded.proposed,
    graded.score_table_id,
    graded.score_row_no,
    graded.score_column_name,
    case
        when overlapping.finding_id is not null then 'grade_at_overlap'
        when
            cast(recomputed.score_recomputed as decimal(38, 12)) * 100000 >= held.held_low
            and (
                held.held_high is null
                or cast(recomputed.score_recomputed as decimal(38, 12)) * 100000 < held.held_high + 1
            )
            then 'grade_of_unrounded'
        else 'grade_replaced'
    end as slip_code
from graded
left join overlapping on graded.finding_id = overlapping.finding_id
left join {{ ref('int_diagnosis__claims') }} as held on {{ same_rule('graded', 'held') }}
left join {{ ref('int_index__recomputed_scores') }} as recomputed
    on
        graded.document_id = recomputed.document_id
        and graded.edition_year = recomputed.edition_year
        and graded.region_code = recomputed.region_code
        and graded.component_code = recomputed.component_code
