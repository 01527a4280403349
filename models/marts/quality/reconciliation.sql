{%- set numbers = ['int_quality__index_claims', 'int_quality__budget_claims', 'int_quality__target_claims'] -%}

with verdicts as (
    {%- for claims in numbers %}
        -- Verdicts before the streams come together: scores are compared in 64 bits, rupiah need 128.
        select
            claims.rule_id,
            claims.document_id,
            claims.table_id,
            claims.row_no,
            claims.column_name,
            claims.source_line,
            claims.edition_year,
            claims.quarter,
            claims.subject_code,
            claims.component_code,
            claims.published_text,
            claims.published,
            claims.published_step,
            cast(null as string) as recomputed_text,
            claims.recomputed,
            claims.printed_low,
            claims.printed_high,
            claims.effective_low,
            claims.effective_high,
            {{ verdict('claims', 'printed') }} as verdict_as_printed,
            {{ verdict('claims', 'effective') }} as verdict
        from {{ ref(claims) }} as claims
        {%- if loop.first %}
            -- The others compare with what other documents print, so they are taken whole in any run.
            where {{ in_documents('claims.document_id') }}
        {%- endif %}
        union all
    {%- endfor %}
    select
        rule_id,
        document_id,
        table_id,
        row_no,
        column_name,
        source_line,
        edition_year,
        null as quarter,
        subject_code,
        component_code,
        published_text,
        null as published,
        null as published_step,
        recomputed_text,
        null as recomputed,
        null as printed_low,
        null as printed_high,
        null as effective_low,
        null as effective_high,
        case when recomputed_text = published_text then 'exact' else 'outside' end as verdict_as_printed,
        verdict_as_printed as verdict
    from {{ ref('int_quality__category_claims') }}
    where {{ in_documents('document_id') }}
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
    printed_low as low_as_printed,
    printed_high as high_as_printed,
    effective_low as low,
    effective_high as high,
    case
        when recomputed is not null and verdict = 'exact' then 0
        else {{ round_half_up('recomputed', 'published_step') }} - published
    end as difference,
    verdict_as_printed,
    verdict
from verdicts
