-- Every verdict and difference of reconciliation, said again from the numbers beside it. Twice the figures are compared
-- with whole steps, so nothing is divided.
with claims as (
    select
        *,
        published + difference as rounded,
        -- A published figure of more decimals than its step is on no step, and nothing rounds to it.
        mod(published, published_step) = 0 as is_on_step
    from {{ ref('reconciliation') }}
),

restated as (
    select
        *,
        case
            when published is null and recomputed_text = published_text then 'exact'
            when published is null then 'outside'
            when low_as_printed is null then 'not_computable'
            when is_on_step and difference = 0 then 'exact'
            {%- for low, high, condition, verdict in [
                ('low_as_printed', 'high_as_printed', 'recomputed is not null', 'within_rounding'),
                ('low', 'high', 'true', 'within_bounds'),
            ] %}
                when
                    {{ condition }}
                    and 2 * ({{ low }} - published) <= published_step
                    and 2 * (published - coalesce({{ high }}, published)) <= published_step
                    then '{{ verdict }}'
            {%- endfor %}
            else 'outside'
        end as verdict_restated
    from claims
),

checked as (
    select
        *,
        concat_ws(
            '; ',
            case
                when
                    verdict is distinct from verdict_restated
                    then concat('the verdict is ', coalesce(verdict, 'nothing'), ', its numbers say ', verdict_restated)
            end,
            case
                when
                    verdict_as_printed is distinct from case
                        when
                            verdict_restated = 'within_bounds'
                            and not (
                                2 * (low_as_printed - published) <= published_step
                                and 2 * (published - coalesce(high_as_printed, published)) <= published_step
                            )
                            then 'outside'
                        else verdict_restated
                    end
                    then concat('the verdict as printed is ', coalesce(verdict_as_printed, 'nothing'))
            end,
            case
                when
                    (published is null) != (recomputed_text is not null)
                    or coalesce(published_text, concat(published)) is null
                    then 'neither a number with its step nor a word with what it should be'
            end,
            case
                when
                    (recomputed is null) != (difference is null)
                    or mod(rounded, published_step) != 0
                    or 2 * abs(rounded - recomputed) > published_step
                    or 2 * abs(rounded - recomputed) = published_step and abs(rounded) < abs(recomputed)
                    then concat(
                        'the difference ', coalesce(concat(difference), 'nothing'), ' is not that of ',
                        coalesce(concat(recomputed), 'nothing'), ' rounded half-up and ', published
                    )
            end,
            case
                when
                    not coalesce(
                        low <= low_as_printed
                        and low_as_printed <= coalesce(recomputed, low_as_printed)
                        and coalesce(recomputed, low_as_printed)
                        <= coalesce(high_as_printed, recomputed, low_as_printed)
                        and coalesce(high_as_printed, 0) <= coalesce(high, 0),
                        low is null
                        and high is null
                        and low_as_printed is null
                        and high_as_printed is null
                        and recomputed is null
                    )
                    then 'the bounds do not hold what was recomputed'
            end,
            case
                -- What lost lines of a budget would add has no upper bound.
                when
                    low is not null
                    and (high is null or high_as_printed is null)
                    and (
                        published_step != 1 or recomputed is not null or high is not null or high_as_printed is not null
                    )
                    then 'a figure that can be bounded has a bound on one side only'
            end
        ) as faults
    from restated
)

select
    concat_ws(
        ', ', 'reconciliation, ' || rule_id, document_id, table_id, row_no, column_name,
        subject_code || '/' || coalesce(component_code, '') || ': ' || faults
    ) as message
from checked
where faults != ''
