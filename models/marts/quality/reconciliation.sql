{%- set shared = [
    'rule_id', 'document_id', 'table_id', 'row_no', 'column_name', 'source_line', 'edition_year', 'subject_code',
    'component_code', 'published_text', 'published', 'published_step', 'recomputed', 'is_complete'
] -%}

with number_claims as (
    select
        {{ shared | join(',\n        ') }},
        cast(null as integer) as quarter,
        printed_low as low,
        printed_high as high,
        effective_low,
        effective_high
    from {{ ref('int_quality__index_claims') }}
    where {{ in_documents('document_id') }}
    {%- for claims in ['int_quality__budget_claims', 'int_quality__target_claims'] %}
        -- Their inputs are as precise as they are printed. They compare with what other documents print, so they are
        -- taken of all documents also where only some are built.
        union all
        select
            {{ shared | join(',\n            ') }},
            quarter,
            low,
            high,
            low as effective_low,
            high as effective_high
        from {{ ref(claims) }}
    {%- endfor %}
),

numbers as (
    select
        *,
        cast(null as string) as recomputed_text,
        {{ verdict('claims', 'low', 'high') }} as verdict_as_printed,
        {{ verdict('claims', 'effective_low', 'effective_high') }} as verdict
    from number_claims as claims
),

categories as (
    select
        rule_id,
        document_id,
        table_id,
        row_no,
        column_name,
        source_line,
        edition_year,
        subject_code,
        component_code,
        published_text,
        null as published,
        null as published_step,
        null as recomputed,
        null as is_complete,
        null as quarter,
        null as low,
        null as high,
        null as effective_low,
        null as effective_high,
        recomputed_text,
        case when recomputed_text = published_text then 'exact' else 'outside' end as verdict_as_printed,
        verdict_as_printed as verdict
    from {{ ref('int_quality__category_claims') }}
    where {{ in_documents('document_id') }}
),

verdicts as (
    select * from numbers
    union all
    select * from categories
)

select
    rule_id,
    document_id,
    table_id,
    row_no,
    column_name,
    source_line,
    edition_year,
    quarter,
    subject_code,
    component_code,
    published_text,
    published,
    published_step,
    recomputed_text,
    recomputed,
    low as low_as_printed,
    high as high_as_printed,
    effective_low as low,
    effective_high as high,
    case
        when recomputed is not null and verdict = 'exact' then 0
        else {{ round_half_up('recomputed', 'published_step') }} - published
    end as difference,
    verdict_as_printed,
    verdict
from verdicts
