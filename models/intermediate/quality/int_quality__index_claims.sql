-- Published dimension scores, totals and improvements, each with what its rule gives.
with components as (
    select * from {{ ref('int_index__components') }}
),

parents as (
    select
        rules.rule_id,
        scores.document_id,
        scores.table_id,
        scores.row_no,
        scores.column_name,
        scores.source_line,
        scores.edition_year,
        cast(null as integer) as quarter,
        scores.region_code as subject_code,
        scores.component_code,
        scores.score_printed as published_text,
        scores.score as published,
        components.printed_step as published_step,
        scores.score_recomputed as recomputed,
        scores.children_printed = scores.children_expected as is_complete,
        scores.printed_low,
        scores.printed_high,
        scores.effective_low,
        scores.effective_high
    from {{ ref('int_index__recomputed_scores') }} as scores
    inner join components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    inner join {{ ref('rules') }} as rules
        on
            components.instrument = rules.instrument
            and components.component_level = rules.component_level
    where scores.score is not null
),

previous_scores as (
    select * from {{ ref('int_smart_city__placed_scores') }}
    where component_code = 'baseline_01'
),

improvements as (
    select
        'smart_city.improvement' as rule_id,
        results.document_id,
        results.table_id,
        results.row_no,
        'improvement' as column_name,
        results.source_line,
        documents.edition_year,
        names.region_code as subject_code,
        'improvement' as component_code,
        results.improvement_printed as published_text,
        results.improvement as published,
        components.printed_step as published_step,
        results.final_score - previous_scores.score as recomputed
    from {{ ref('stg_smart_city__results') }} as results
    inner join {{ ref('document_register') }} as documents on results.document_id = documents.document_id
    inner join components
        on
            components.instrument = 'smart_city'
            and documents.edition_year = components.edition_year
            and components.component_level = 'index'
    left join {{ ref('region_names') }} as names on results.printed_name = names.printed_name
    left join previous_scores
        on
            results.document_id = previous_scores.document_id
            and results.row_no = previous_scores.row_no
    where
        results.improvement is not null
        and results.final_score is not null
)

select * from parents
union all
select
    rule_id,
    document_id,
    table_id,
    row_no,
    column_name,
    source_line,
    edition_year,
    cast(null as integer) as quarter,
    subject_code,
    component_code,
    published_text,
    published,
    published_step,
    cast(recomputed as decimal(18, 12)) as recomputed,
    recomputed is not null as is_complete,
    -- Two printed figures, each half a step off at most.
    cast(recomputed - published_step as decimal(18, 12)) as printed_low,
    cast(recomputed + published_step as decimal(18, 12)) as printed_high,
    cast(recomputed - published_step as decimal(18, 12)) as effective_low,
    cast(recomputed + published_step as decimal(18, 12)) as effective_high
from improvements
