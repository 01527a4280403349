-- Each achievement multiplied back: by the formula of its polarity, at most the cap, nothing without a realization.
-- What a form prints of it is what reconciliation checks.
with targets as (
    select
        targets.*,
        coalesce(indicators.achievement_cap_pct, 100) as cap_pct,
        indicators.polarity as expected_polarity,
        case when indicators.indicator_code is null then 'unknown' else 'registered' end as expected_basis,
        formulas.realization_in_numerator * targets.realization + formulas.target_in_numerator * targets.target as part,
        formulas.realization_in_denominator * targets.realization
        + formulas.target_in_denominator * targets.target as whole,
        claims.published,
        claims.recomputed
    from {{ ref('target_achievement') }} as targets
    left join {{ ref('target_indicators') }} as indicators on targets.indicator_name = indicators.printed_name
    left join {{ ref('achievement_formulas') }} as formulas on targets.polarity = formulas.polarity
    left join {{ ref('reconciliation') }} as claims
        on
            targets.document_id = claims.document_id
            and targets.row_no = claims.row_no
            and claims.rule_id = 'target.achievement'
)

select
    concat(
        'target_achievement, ',
        document_id,
        ', ',
        indicator_code,
        ': realization ',
        coalesce(concat(realization), 'nothing'),
        ' of ',
        target,
        ' (',
        coalesce(polarity, 'of unknown polarity'), ', cap ', cap_pct, ') is said to be ',
        coalesce(concat(achievement_pct), 'nothing'), ', ',
        coalesce(concat(achievement_pct_capped), 'nothing'),
        ' capped, ',
        coalesce(concat(achievement_pct_published), 'nothing'),
        ' printed, is_capped ',
        coalesce(concat(is_capped), 'nothing')
    ) as message
from targets
where
    not coalesce(
        {{ is_percentage('achievement_pct', 'part', 'whole') }},
        achievement_pct is null and (realization is null or polarity is null)
    )
    or polarity is distinct from expected_polarity
    or polarity_basis is distinct from expected_basis
    or achievement_pct_capped is distinct from case when achievement_pct > cap_pct then cap_pct else achievement_pct end
    -- What lies above the cap by less than the second decimal cannot be told from it here.
    or achievement_pct is distinct from cap_pct
    and is_capped is distinct from (achievement_pct > cap_pct and achievement_pct_published = cap_pct)
    or achievement_pct_published is distinct from published
    or achievement_pct_published is not null
    and achievement_pct_capped is distinct from cast(recomputed as decimal(9, 2))
    or missing_reason is not null and realization is not null
