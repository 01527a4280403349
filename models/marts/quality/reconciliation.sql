{#- Where cells are counted in millions, a run may leave the power of figures out. -#}
{%- set counts_power = var('detection_power', 'counted') == 'counted' -%}
{#- What claims are made of: lists print scores rounder than they were computed; forms are reckoned with as printed. -#}
{%- set numbers = {
    'int_quality__index_claims': 'lists',
    'int_quality__budget_claims': 'forms',
    'int_quality__target_claims': 'forms',
} -%}

with verdicts as (
    {%- for claims, printed_in in numbers.items() %}
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
            cast(claims.published as decimal(18, 4)) as published,
            claims.published_step,
            cast(null as string) as recomputed_text,
            claims.recomputed,
            claims.printed_low,
            claims.printed_high,
            claims.effective_low,
            claims.effective_high,
            {{ verdict('claims', 'printed') }} as verdict_as_printed,
            {%- if printed_in == 'lists' %}
                {{ verdict('claims', 'effective') }} as verdict
            {%- else %}
                verdict_as_printed as verdict
            {%- endif %}
        from {{ ref(claims) }} as claims
        {%- if printed_in == 'lists' %}
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
),

misprints as (
    {%- if counts_power %}
        select
            document_id,
            table_id,
            row_no,
            column_name,
            misprints,
            misprints_noticed
        from {{ ref('int_diagnosis__misprints') }}
    {%- else %}
        select
            cast(null as string) as document_id,
            cast(null as string) as table_id,
            cast(null as integer) as row_no,
            cast(null as string) as column_name,
            cast(null as bigint) as misprints,
            cast(null as bigint) as misprints_noticed
        where false
    {%- endif %}
),

-- Why a figure's power is not counted.
powers as (
    select
        verdicts.*,
        {{ share_of('misprints.misprints_noticed', 'misprints.misprints') }} as detection_power,
        case
            when misprints.misprints is not null then null
            when {{ not counts_power }} then 'left_out'
            when verdicts.published is null then 'no_digits'
            when verdicts.verdict = 'not_computable' then 'no_inputs_printed'
            else 'no_rule_solved'
        end as power_withheld_reason
    from verdicts
    left join misprints
        on
            verdicts.document_id = misprints.document_id
            and verdicts.table_id = misprints.table_id
            and verdicts.row_no = misprints.row_no
            and verdicts.column_name = misprints.column_name
)

select
    powers.rule_id,
    powers.document_id,
    powers.table_id,
    powers.row_no,
    powers.column_name,
    powers.source_line,
    powers.edition_year,
    powers.quarter,
    powers.subject_code,
    powers.component_code,
    powers.published_text,
    powers.published,
    powers.published_step,
    powers.recomputed_text,
    powers.recomputed,
    powers.printed_low as low_as_printed,
    powers.printed_high as high_as_printed,
    powers.effective_low as low,
    powers.effective_high as high,
    case
        when powers.recomputed is not null and powers.verdict = 'exact' then 0
        else {{ round_half_up('powers.recomputed', 'powers.published_step') }} - powers.published
    end as difference,
    powers.verdict_as_printed,
    powers.verdict,
    powers.detection_power,
    powers.power_withheld_reason,
    reasons.label_id as power_withheld_reason_id,
    reasons.label_en as power_withheld_reason_en
from powers
left join {{ ref('withheld_reasons') }} as reasons on powers.power_withheld_reason = reasons.reason_code
