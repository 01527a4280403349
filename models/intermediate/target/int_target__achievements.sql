-- The formula of a polarity is four coefficients (achievement_formulas). An indicator without a row of its own in
-- target_indicators has no polarity, and so no achievement: a share of stunted children above its target is not 150 %.
with targets as (
    select
        targets.*,
        agencies.agency_code,
        coalesce(
            indicators.indicator_code, {{ replace_matches('lower(targets.indicator_name)', '[^a-z0-9]+', '_') }}
        ) as indicator_code,
        indicators.polarity,
        case when indicators.indicator_code is null then 'unknown' else 'registered' end as polarity_basis,
        coalesce(indicators.achievement_cap_pct, 100) as cap_pct,
        {{ printed_decimals('targets.target_printed') }} as target_decimals,
        {{ printed_decimals('targets.realization_printed') }} as realization_decimals,
        {{ printed_decimals('targets.achievement_pct_printed') }} as pct_decimals
    from {{ ref('stg_forms__targets') }} as targets
    left join {{ ref('int_agencies__printed_names') }} as agencies on targets.agency_name = agencies.printed_name
    left join {{ ref('target_indicators') }} as indicators on targets.indicator_name = indicators.printed_name
),

-- One indicator may stand under two objectives of a form.
numbered as (
    select
        *,
        row_number() over (partition by document_id, indicator_code order by row_no) as time_printed
    from targets
)

select
    targets.document_id,
    targets.table_id,
    targets.row_no,
    targets.source_line,
    targets.agency_code,
    targets.fiscal_year,
    targets.quarter,
    case
        when targets.time_printed > 1 then concat(targets.indicator_code, '_', targets.time_printed)
        else targets.indicator_code
    end as indicator_code,
    targets.indicator_name,
    targets.objective,
    targets.target_printed,
    targets.target,
    targets.realization,
    targets.realization_printed,
    targets.remark_code,
    targets.achievement_pct_printed,
    targets.achievement_pct as achievement_pct_published,
    targets.pct_decimals,
    targets.polarity,
    targets.polarity_basis,
    targets.cap_pct,
    {{ exact_quotient(
        '100 * (formulas.realization_in_numerator * targets.realization + formulas.target_in_numerator * targets.target)',
        '(formulas.realization_in_denominator * targets.realization + formulas.target_in_denominator * targets.target)',
        decimals=4
    ) }} as achievement_pct
from numbered as targets
left join {{ ref('achievement_formulas') }} as formulas on targets.polarity = formulas.polarity
