-- Published figures that are categories: grades, predicates, places in a list. They are right or they are not.
with band_cases as (
    select
        'public_service.grade' as rule_id,
        scores.document_id,
        scores.table_id,
        scores.row_no,
        'grade' as column_name,
        scores.source_line,
        documents.edition_year,
        names.region_code as subject_code,
        'grade' as component_code,
        scores.grade as published_text,
        'public_service' as instrument,
        scores.index_score as score
    from {{ ref('stg_public_service__scores') }} as scores
    inner join {{ ref('document_register') }} as documents on scores.document_id = documents.document_id
    inner join {{ ref('region_names') }} as names on scores.printed_name = names.printed_name
    where scores.index_score is not null
    union all
    select
        'accountability.predicate' as rule_id,
        predicates.document_id,
        predicates.table_id,
        predicates.row_no,
        cast(predicates.edition_year as string) as column_name,
        predicates.source_line,
        predicates.edition_year,
        names.region_code as subject_code,
        'predicate' as component_code,
        predicates.predicate as published_text,
        'accountability' as instrument,
        totals.score
    from {{ ref('stg_accountability__components') }} as predicates
    inner join {{ ref('stg_accountability__components') }} as totals
        on
            predicates.document_id = totals.document_id
            and predicates.edition_year = totals.edition_year
            and totals.letter is null
            and totals.score is not null
    inner join {{ ref('region_names') }} as names on predicates.printed_name = names.printed_name
    where predicates.predicate is not null
),

-- Worked out once per score, as regions share them.
banded_scores as (
    select distinct
        instrument,
        edition_year,
        score
    from band_cases
),

grades as (
    select
        cases.instrument,
        cases.edition_year,
        cases.score,
        {{ grade_of('bands', 'cases.score') }} as grade
    from banded_scores as cases
    inner join {{ ref('grade_bands') }} as bands
        on
            cases.instrument = bands.instrument
            and {{ holds_in('bands', 'cases.edition_year') }}
    group by cases.instrument, cases.edition_year, cases.score
),

graded as (
    select
        cases.rule_id,
        cases.document_id,
        cases.table_id,
        cases.row_no,
        cases.column_name,
        cases.source_line,
        cases.edition_year,
        cases.subject_code,
        cases.component_code,
        cases.published_text,
        grades.grade as recomputed_text
    from band_cases as cases
    inner join grades
        on
            cases.instrument = grades.instrument
            and cases.edition_year = grades.edition_year
            and cases.score = grades.score
),

-- A place is wrong when the index there is greater than the one above it.
ordered as (
    select
        'public_service.list_order' as rule_id,
        scores.document_id,
        scores.table_id,
        scores.row_no,
        'row_no' as column_name,
        scores.source_line,
        documents.edition_year,
        names.region_code as subject_code,
        'row_no' as component_code,
        cast(scores.row_no as string) as published_text,
        case
            when scores.index_score > lag(scores.index_score) over printed_order
                then cast(1 + count(*) over ahead as string)
            else cast(scores.row_no as string)
        end as recomputed_text
    from {{ ref('stg_public_service__scores') }} as scores
    inner join {{ ref('document_register') }} as documents on scores.document_id = documents.document_id
    inner join {{ ref('region_names') }} as names on scores.printed_name = names.printed_name
    where scores.index_score is not null
    window
        printed_order as (partition by scores.document_id, scores.table_id order by scores.row_no),
        ahead as (
            partition by scores.document_id, scores.table_id
            order by scores.index_score desc range between unbounded preceding and 0.0001 preceding
        )
),

invited as (
    select
        invitations.document_id,
        invitations.table_id,
        invitations.row_no,
        invitations.source_line,
        names.region_code
    from {{ ref('stg_smart_city__invitations') }} as invitations
    inner join {{ ref('region_names') }} as names on invitations.printed_name = names.printed_name
),

reported as (
    select
        results.document_id,
        results.table_id,
        results.row_no,
        results.source_line,
        names.region_code
    from {{ ref('stg_smart_city__results') }} as results
    inner join {{ ref('region_names') }} as names on results.printed_name = names.printed_name
),

invitations as (
    select
        'cross.invitation_list' as rule_id,
        coalesce(reported.document_id, invited.document_id) as document_id,
        coalesce(reported.table_id, invited.table_id) as table_id,
        coalesce(reported.row_no, invited.row_no) as row_no,
        'region_name' as column_name,
        coalesce(reported.source_line, invited.source_line) as source_line,
        documents.edition_year,
        coalesce(reported.region_code, invited.region_code) as subject_code,
        'invitation' as component_code,
        case when reported.region_code is null then 'not reported' else 'reported' end as published_text,
        case when invited.region_code is null then 'not reported' else 'reported' end as recomputed_text
    from reported
    full join invited
        on
            reported.document_id = invited.document_id
            and reported.region_code = invited.region_code
    inner join {{ ref('document_register') }} as documents
        on coalesce(reported.document_id, invited.document_id) = documents.document_id
)

select * from graded
union all
select * from ordered
union all
select * from invitations
