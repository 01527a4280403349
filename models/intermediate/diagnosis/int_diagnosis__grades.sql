-- Grades that are not their score's, with the one that is, and how the printed one can have come about.
with claims as (
    select * from {{ ref('int_quality__category_claims') }}
    where
        recomputed_text is not null
        and recomputed_text != published_text
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
        claims.score_table_id,
        claims.score_row_no,
        claims.score_column_name,
        claims.edition_year,
        claims.subject_code,
        claims.score_component_code,
        claims.score
    from claims
    inner join {{ ref('int_quality__findings') }} as findings on {{ same_rule('claims', 'findings') }}
    where claims.score is not null
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
    columns.column_no as cell_column_no,
    graded.row_no as cell_row_no,
    graded.printed,
    graded.proposed,
    score_columns.column_no as score_column_no,
    graded.score_row_no,
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
inner join {{ ref('int_diagnosis__columns') }} as columns on {{ same_column('graded', 'columns') }}
inner join {{ ref('int_diagnosis__columns') }} as score_columns
    on
        graded.document_id = score_columns.document_id
        and graded.score_table_id = score_columns.table_id
        and graded.score_column_name = score_columns.column_name
left join overlapping on graded.finding_id = overlapping.finding_id
left join {{ ref('int_diagnosis__claims') }} as held on {{ same_rule('graded', 'held') }}
left join {{ ref('int_index__recomputed_scores') }} as recomputed
    on
        graded.document_id = recomputed.document_id
        and graded.edition_year = recomputed.edition_year
        and graded.subject_code = recomputed.region_code
        and graded.score_component_code = recomputed.component_code
