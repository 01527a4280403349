-- The scores that lists of results print: totals, and what they are directly made of.
with smart_city_results as (
    {%- for component in ['baseline', 'output', 'quick_win', 'impact', 'outcome'] %}
        select
            document_id,
            table_id,
            row_no,
            '{{ component }}' as column_name,
            source_line,
            printed_name,
            '{{ component }}' as component_code,
            {{ component }}_printed as score_printed,
            {{ component }} as score,
            took_part as is_evaluated
        from {{ ref('stg_smart_city__results') }}
        where took_part
        union all
    {%- endfor %}
    -- The word that replaces the scores of a region that took no part stands for its whole row.
    select
        document_id,
        table_id,
        row_no,
        'final_score' as column_name,
        source_line,
        printed_name,
        'smart_city' as component_code,
        coalesce(final_score_printed, baseline_printed) as score_printed,
        final_score as score,
        took_part as is_evaluated
    from {{ ref('stg_smart_city__results') }}
),

public_service as (
    {%- for column, component in {
        'social_service': 'social_service', 'hospital': 'hospital', 'third_unit': 'third_unit', 'index_score': 'public_service'
    }.items() %}
        select
            document_id,
            table_id,
            row_no,
            '{{ column }}' as column_name,
            source_line,
            printed_name,
            '{{ component }}' as component_code,
            {{ column }}_printed as score_printed,
            {{ column }} as score,
            index_score is not null as is_evaluated
        from {{ ref('stg_public_service__scores') }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

editions as (
    select
        scores.*,
        documents.instrument,
        documents.edition_year
    from (
        select * from smart_city_results
        union all
        select * from public_service
    ) as scores
    inner join {{ ref('document_register') }} as documents on scores.document_id = documents.document_id
),

-- One letter prints two years of the accountability score.
accountability as (
    select
        lines.document_id,
        lines.table_id,
        lines.row_no,
        cast(lines.edition_year as string) as column_name,
        lines.source_line,
        lines.printed_name,
        components.component_code,
        lines.value_printed as score_printed,
        lines.score,
        max(case when components.component_level = 'index' then lines.score end)
            over (partition by lines.document_id, lines.edition_year)
        is not null as is_evaluated,
        components.instrument,
        lines.edition_year
    from {{ ref('stg_accountability__components') }} as lines
    inner join {{ ref('int_index__components') }} as components
        on
            components.instrument = 'accountability'
            and lines.edition_year = components.edition_year
            -- Lettered lines are the components in their order; the line without a letter is the total.
            and coalesce(ascii(lines.letter) - ascii('a') + 1, 0) = components.sort_order
    where lines.weight is not null
),

scores as (
    select * from editions
    union all
    select * from accountability
)

select
    scores.document_id,
    scores.table_id,
    scores.row_no,
    scores.column_name,
    scores.source_line,
    scores.instrument,
    scores.edition_year,
    names.region_code,
    scores.component_code,
    scores.score_printed,
    scores.score,
    scores.is_evaluated,
    words.absence_code
from scores
left join {{ ref('region_names') }} as names on scores.printed_name = names.printed_name
left join {{ ref('printed_words') }} as words on scores.score_printed = words.printed_text
