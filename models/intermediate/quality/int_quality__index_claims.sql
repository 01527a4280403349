-- Published dimension scores, totals and improvements, each with what its rule gives.
with components as (
    select * from {{ ref('int_index__components') }}
),

printed as (
    select * from {{ ref('int_index__result_scores') }}
    where score is not null
),

parents as (
    select
        rules.rule_id,
        printed.document_id,
        printed.table_id,
        printed.row_no,
        printed.column_name,
        printed.source_line,
        printed.edition_year,
        printed.region_code as subject_code,
        printed.component_code,
        printed.score_printed as published_text,
        printed.score as published,
        components.printed_step as published_step,
        recomputed.score_recomputed as recomputed,
        recomputed.children_printed = recomputed.children_expected as is_complete,
        recomputed.printed_low,
        recomputed.printed_high,
        recomputed.effective_low,
        recomputed.effective_high
    from printed
    inner join components
        on
            printed.instrument = components.instrument
            and printed.edition_year = components.edition_year
            and printed.component_code = components.component_code
    inner join {{ ref('rules') }} as rules
        on
            components.instrument = rules.instrument
            and components.component_level = rules.component_level
    inner join {{ ref('int_index__recomputed_scores') }} as recomputed
        on
            printed.document_id = recomputed.document_id
            and printed.edition_year = recomputed.edition_year
            and printed.region_code = recomputed.region_code
            and printed.component_code = recomputed.component_code
),

finals as (
    select * from printed
    where component_code = 'smart_city'
),

previous_scores as (
    select * from {{ ref('int_index__printed_scores') }}
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
        finals.edition_year,
        finals.region_code as subject_code,
        'improvement' as component_code,
        results.improvement_printed as published_text,
        results.improvement as published,
        components.printed_step as published_step,
        cast(finals.score - previous_scores.score as decimal(18, 12)) as recomputed,
        previous_scores.score is not null as is_complete,
        cast(finals.score - previous_scores.score - components.printed_step as decimal(18, 12)) as printed_low,
        cast(finals.score - previous_scores.score + components.printed_step as decimal(18, 12)) as printed_high,
        cast(finals.score - previous_scores.score - components.printed_step as decimal(18, 12)) as effective_low,
        cast(finals.score - previous_scores.score + components.printed_step as decimal(18, 12)) as effective_high
    from {{ ref('stg_smart_city__results') }} as results
    inner join finals
        on
            results.document_id = finals.document_id
            and results.row_no = finals.row_no
    inner join components
        on
            components.instrument = 'smart_city'
            and finals.edition_year = components.edition_year
            and components.component_level = 'index'
    left join previous_scores
        on
            finals.document_id = previous_scores.document_id
            and finals.region_code = previous_scores.region_code
    where results.improvement is not null
)

select * from parents
union all
select * from improvements
