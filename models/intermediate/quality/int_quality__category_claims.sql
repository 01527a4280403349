-- Published figures that are categories: grades, predicates, places in a list. They are right or they are not. A grade
-- comes with the score that it rests on.
with rules as (
    select * from {{ ref('rules') }}
    where figure_kind = 'category'
),

scores as (
    select * from {{ ref('int_index__result_scores') }}
    where {{ near_documents('document_id') }}
),

-- Fewer than the scores: the side of a join that is held in memory.
printed_grades as (
    select
        grades.document_id,
        grades.table_id,
        grades.row_no,
        grades.column_name,
        grades.source_line,
        coalesce(grades.edition_year, documents.edition_year) as edition_year,
        names.region_code,
        grades.component_code,
        grades.figure_code,
        grades.grade
    from {{ ref('stg_lists__grades') }} as grades
    inner join {{ ref('document_register') }} as documents on grades.document_id = documents.document_id
    inner join {{ ref('region_names') }} as names on grades.printed_name = names.printed_name
),

-- A grade stands in the row of its score, or in a table by year below it.
band_cases as (
    select
        rules.rule_id,
        grades.document_id,
        grades.table_id,
        grades.row_no,
        grades.column_name,
        grades.source_line,
        scores.edition_year,
        scores.region_code as subject_code,
        grades.figure_code as component_code,
        grades.grade as published_text,
        scores.instrument,
        scores.component_code as score_component_code,
        scores.table_id as score_table_id,
        scores.row_no as score_row_no,
        scores.column_name as score_column_name,
        scores.score_printed,
        scores.score
    from scores
    inner join printed_grades as grades
        on
            scores.document_id = grades.document_id
            and scores.edition_year = grades.edition_year
            and scores.region_code = grades.region_code
            and scores.component_code = grades.component_code
    left join rules
        on
            scores.instrument = rules.instrument
            and rules.checked_by = 'bands'
    where scores.score is not null
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
        grades.grade as recomputed_text,
        cases.instrument,
        cases.score_component_code,
        cases.score_table_id,
        cases.score_row_no,
        cases.score_column_name,
        cases.score_printed,
        cases.score
    from band_cases as cases
    inner join grades
        on
            cases.instrument = grades.instrument
            and cases.edition_year = grades.edition_year
            and cases.score = grades.score
),

-- A place is wrong when the score there is greater than the one above it.
ordered as (
    select
        rules.rule_id,
        scores.document_id,
        scores.table_id,
        scores.row_no,
        'row_no' as column_name,
        scores.source_line,
        scores.edition_year,
        scores.region_code as subject_code,
        'row_no' as component_code,
        cast(scores.row_no as string) as published_text,
        case
            when scores.score > lag(scores.score) over printed_order then cast(1 + count(*) over ahead as string)
            else cast(scores.row_no as string)
        end as recomputed_text
    from scores
    left join rules
        on
            scores.instrument = rules.instrument
            and rules.checked_by = 'list_order'
    where
        scores.is_list_order
        and scores.score is not null
    window
        printed_order as (partition by scores.document_id, scores.table_id order by scores.row_no),
        ahead as (
            partition by scores.document_id, scores.table_id
            order by scores.score desc range between unbounded preceding and 0.0001 preceding
        )
),

listed as (
    select
        lists.document_id,
        lists.table_id,
        lists.row_no,
        lists.source_line,
        lists.list_kind,
        lists.is_result,
        names.region_code
    from {{ ref('stg_lists__names') }} as lists
    inner join {{ ref('region_names') }} as names on lists.printed_name = names.printed_name
),

invited as (
    select * from listed
    where list_kind = 'addressees'
),

-- Only where heads of government are listed can a government be missing among them.
reported as (
    select * from listed
    where
        is_result
        and document_id in (select invited.document_id from invited)
),

invitations as (
    select
        rules.rule_id,
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
    left join rules
        on
            documents.instrument = rules.instrument
            and rules.checked_by = 'addressees'
),

ungraded as (
    select * from ordered
    union all
    select * from invitations
)

select * from graded
union all
select
    *,
    cast(null as string) as instrument,
    cast(null as string) as score_component_code,
    cast(null as string) as score_table_id,
    cast(null as integer) as score_row_no,
    cast(null as string) as score_column_name,
    cast(null as string) as score_printed,
    cast(null as decimal(9, 4)) as score
from ungraded
