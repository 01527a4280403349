with number_claims as (
    select
        *,
        printed_low as low,
        printed_high as high
    from {{ ref('int_quality__index_claims') }}
    where {{ in_documents('document_id') }}
    -- The inputs of the others are as precise as they are printed.
    union all by name
    select
        *,
        low as effective_low,
        high as effective_high
    from {{ ref('int_quality__budget_claims') }}
    where {{ in_documents('document_id') }}
    -- Of all documents, as they compare with what other documents print.
    union all by name
    select
        *,
        low as effective_low,
        high as effective_high
    from {{ ref('int_quality__target_claims') }}
),

numbers as (
    select
        *,
        {{ verdict('claims', 'low', 'high') }} as verdict_as_printed,
        {{ verdict('claims', 'effective_low', 'effective_high') }} as verdict
    from number_claims as claims
),

categories as (
    select
        *,
        case when recomputed_text = published_text then 'exact' else 'outside' end as verdict_as_printed,
        verdict_as_printed as verdict
    from {{ ref('int_quality__category_claims') }}
    where {{ in_documents('document_id') }}
),

verdicts as (
    select * from numbers
    union all by name
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
