{%- set last = digit_counts('last', range(10)) -%}
{%- set first = digit_counts('first', range(1, 10)) -%}

{#- How far counts are from what is expected of them (chi-square). -#}
{%- set last_squares, first_squares = [], [] -%}
{%- for count in last -%}
    {%- do last_squares.append('pow(' ~ count ~ ' - 0.1e0 * figures, 2) / (0.1e0 * figures)') -%}
{%- endfor -%}
{%- for count in first -%}
    {%- set share = 'log10(1e0 + 1e0 / ' ~ loop.index ~ ')' -%}
    {%- do first_squares.append('pow(' ~ count ~ ' - ' ~ share ~ ' * figures, 2) / (' ~ share ~ ' * figures)') -%}
{%- endfor -%}

-- Screens, not verdicts: are the digits of a column spread as the way in which its figures come about lets one expect?
with judged as (
    select
        measured.*,
        screens.level,
        screens.reach,
        case
            when measured.withheld_reason is not null then measured.withheld_reason
            when measured.figures < screens.smallest_count then 'too_few_figures'
            when
                measured.screen_code = 'repeated_values' and measured.near_pairs < 5 * screens.reach
                then 'too_few_figures'
        end as reason
    from {{ ref('int_digits__columns') }} as measured
    inner join {{ ref('screens') }} as screens on measured.screen_code = screens.screen_code
),

statistics as (
    select
        *,
        case
            when reason is not null then null
            when screen_code = 'last_digit' then {{ last_squares | join(' + ') }}
            when screen_code = 'first_digit' then {{ first_squares | join(' + ') }}
            -- Whether two figures are equal is independent from pair to pair, so the variance is that of a count.
            when screen_code = 'repeated_values'
                then
                    (equal_pairs - near_pairs * 1e0 / reach)
                    / sqrt(near_pairs * (1e0 / reach) * (1e0 - 1e0 / reach))
            else just_above
        end as statistic
    from judged
),

-- The exact tail of a fair coin, from the logarithms of factorials.
greatest_count as (
    select cast(coalesce(max(figures), 0) + 1 as integer) as greatest_number
    from statistics
    where screen_code = 'grade_bound'
),

counts as (
    select {{ each_number_to('greatest_number') }} as number_from_one
    from greatest_count
),

factorials as (
    select
        number_from_one - 1 as number,
        sum(case when number_from_one > 1 then ln(cast(number_from_one - 1 as double)) else 0e0 end)
            over (order by number_from_one)
            as logarithm
    from counts
),

coin_tails as (
    select
        tossed.figures,
        tossed.just_above,
        sum(exp(of_all.logarithm - of_heads.logarithm - of_tails.logarithm - tossed.figures * ln(2e0))) as tail
    from (
        select distinct
            figures,
            just_above
        from statistics
        where
            screen_code = 'grade_bound'
            and reason is null
    ) as tossed
    inner join factorials as of_heads on tossed.just_above <= of_heads.number and tossed.figures >= of_heads.number
    inner join factorials as of_tails on tossed.figures - of_heads.number = of_tails.number
    inner join factorials as of_all on tossed.figures = of_all.number
    group by tossed.figures, tossed.just_above
),

tested as (
    select
        statistics.*,
        -- Rounded before anything is compared: the last bits are the engine's own.
        -- `least` passes over nulls.
        case
            when statistics.reason is null
                then cast(least(
                    case statistics.screen_code
                        when 'last_digit' then {{ chi_square_tail('statistics.statistic', 9) }}
                        when 'first_digit' then {{ chi_square_tail('statistics.statistic', 8) }}
                        when 'repeated_values' then {{ normal_tail('statistics.statistic') }}
                        else coin_tails.tail
                    end, 1e0
                ) as decimal(7, 6))
        end as p_value
    from statistics
    left join coin_tails
        on
            statistics.screen_code = 'grade_bound'
            and statistics.figures = coin_tails.figures
            and statistics.just_above = coin_tails.just_above
),

numbered as (
    select
        *,
        count(p_value) over (partition by document_id) as tests_of_document,
        row_number() over (
            partition by document_id
            order by coalesce(p_value, 2), screen_code, table_id, column_name
        ) as place
    from tested
),

-- Holm (1979): the least p value times the number of tests, the next times one less, and none below the one before.
adjusted as (
    select
        *,
        case
            when p_value is not null
                then cast(least(
                    max(p_value * (tests_of_document - place + 1)) over (
                        partition by document_id order by place rows between unbounded preceding and current row
                    ), 1
                ) as decimal(7, 6))
        end as p_value_holm
    from numbered
)

select
    adjusted.document_id,
    adjusted.table_id,
    adjusted.column_name,
    adjusted.screen_code,
    screens.label_id,
    screens.label_en,
    cast(adjusted.figures as bigint) as figures,
    case adjusted.screen_code
        when 'last_digit' then concat_ws(' ', {{ last | join(', ') }})
        when 'first_digit' then concat_ws(' ', {{ first | join(', ') }})
        when 'repeated_values' then concat_ws(' ', adjusted.equal_pairs, adjusted.near_pairs)
        else concat_ws(' ', adjusted.just_above, adjusted.just_below)
    end as observed_counts,
    case when adjusted.screen_code = 'grade_bound' then adjusted.just_above end as just_above,
    case when adjusted.screen_code = 'grade_bound' then adjusted.just_below end as just_below,
    adjusted.expectation,
    cast(adjusted.statistic as decimal(18, 4)) as statistic,
    case adjusted.screen_code
        when 'last_digit' then 'chi_square_9'
        when 'first_digit' then 'chi_square_8'
        when 'repeated_values' then 'normal'
        else 'binomial_exact'
    end as test_code,
    adjusted.p_value,
    cast(adjusted.tests_of_document as integer) as tests_of_document,
    adjusted.p_value_holm,
    adjusted.p_value_holm < adjusted.level as is_uneven,
    {%- for language in ['id', 'en'] %}
        case
            when adjusted.p_value_holm < adjusted.level then screens.uneven_{{ language }}
            when adjusted.p_value is not null then screens.calm_{{ language }}
        end as reading_{{ language }},
    {%- endfor %}
    adjusted.reason as withheld_reason,
    reasons.label_id as withheld_reason_id,
    reasons.label_en as withheld_reason_en
from adjusted
inner join {{ ref('screens') }} as screens on adjusted.screen_code = screens.screen_code
left join {{ ref('withheld_reasons') }} as reasons on adjusted.reason = reasons.reason_code
