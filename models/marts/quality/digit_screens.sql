{%- set measures = [] -%}
{%- for digit in range(10) -%}{%- do measures.append('last_' ~ digit) -%}{%- endfor -%}
{%- for digit in range(1, 10) -%}{%- do measures.append('first_' ~ digit) -%}{%- endfor -%}
{%- do measures.extend(['equal_pairs', 'near_pairs', 'just_above', 'just_below']) -%}
{%- set last = measures[:10] -%}
{%- set first = measures[10:19] -%}

{%- set sums = [] -%}
{%- for measure in measures -%}
    {%- do sums.append('cast(sum(' ~ measure ~ ') as bigint) as ' ~ measure) -%}
{%- endfor -%}

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
-- A figure is counted in whole printed steps. What a column cannot be expected to do is withheld, with the reason.
with screens as (
    select * from {{ ref('screens') }}
),

-- A result is spread evenly over its last digits when every printed value stands for equally many sums of its inputs:
-- when none of these is coarser than the result.
coarsest_inputs as (
    select
        instrument,
        edition_year,
        component_code,
        max(effective_step) as effective_step
    from {{ ref('int_index__inputs') }}
    group by instrument, edition_year, component_code
),

components as (
    select
        components.instrument,
        components.edition_year,
        components.component_code,
        components.component_depth,
        components.printed_step,
        case when coalesce(components.aggregation, '') = '' then 'assumed' else 'derived' end as expectation,
        case
            when components.effective_step > components.printed_step then 'printed_finer'
            when inputs.effective_step > components.printed_step then 'few_possible_digits'
        end as reason
    from {{ ref('int_index__components') }} as components
    left join coarsest_inputs as inputs
        on
            components.instrument = inputs.instrument
            and components.edition_year = inputs.edition_year
            and components.component_code = inputs.component_code
),

-- A column of a wide table runs over several blocks; its component names it.
printed_scores as (
    select
        document_id,
        table_id,
        column_name,
        instrument,
        edition_year,
        component_code,
        score
    from {{ ref('int_index__result_scores') }}
    where score is not null
    union all
    select
        cells.document_id,
        cells.table_id,
        columns.component_code as column_name,
        columns.instrument,
        columns.edition_year,
        columns.component_code,
        cells.score
    from {{ ref('int_page_blocks__cells') }} as cells
    inner join {{ ref('int_page_blocks__placed_columns') }} as columns
        on
            cells.document_id = columns.document_id
            and cells.block_no = columns.block_no
            and cells.column_no = columns.column_no
    where
        cells.score is not null
        and columns.component_code is not null
),

-- Amounts that are sums of others say nothing of their own.
figures as (
    select
        scores.document_id,
        scores.table_id,
        scores.column_name,
        scores.instrument,
        scores.edition_year,
        'score' as figure_kind,
        components.expectation,
        components.reason,
        components.component_depth = 0 as is_total,
        cast({{ whole_quotient(
            as_integer('scores.score', 4), as_integer('components.printed_step', 4)
        ) }} as bigint) as steps
    from printed_scores as scores
    inner join components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    {%- for amount in ['ceiling', 'realization'] %}
        union all
        select
            document_id,
            table_id,
            '{{ amount }}_rupiah' as column_name,
            cast(null as string) as instrument,
            cast(null as integer) as edition_year,
            'amount' as figure_kind,
            'assumed' as expectation,
            'round_amounts' as reason,
            false as is_total,
            cast({{ amount }}_rupiah as bigint) as steps
        from {{ ref('int_budget__lines') }}
        where
            budget_level = 'sub_activity'
            and {{ amount }}_rupiah > 0
    {%- endfor %}
),

-- Printed scores have few different values.
counted as (
    select
        document_id,
        table_id,
        column_name,
        instrument,
        edition_year,
        figure_kind,
        expectation,
        reason,
        is_total,
        steps,
        count(*) as figures
    from figures
    group by
        document_id, table_id, column_name, instrument, edition_year, figure_kind, expectation, reason, is_total, steps
),

editions as (
    select distinct
        instrument,
        edition_year
    from components
),

-- How many stand a few steps above the least score of a grade, and how many below it. Below the lowest there is none.
bounds as (
    select
        bands.instrument,
        editions.edition_year,
        -- In whole steps of the total that is graded.
        {{ whole_quotient(as_integer('bands.lower_bound', 4), as_integer('totals.printed_step', 4)) }}
        + case when bands.is_lower_inclusive then 0 else 1 end as bound,
        screens.reach
    from {{ ref('grade_bands') }} as bands
    inner join editions
        on
            bands.instrument = editions.instrument
            and {{ holds_in('bands', 'editions.edition_year') }}
    inner join components as totals
        on
            editions.instrument = totals.instrument
            and editions.edition_year = totals.edition_year
            and totals.component_depth = 0
    inner join screens on screens.screen_code = 'grade_bound'
    where bands.band_order < (
        select max(lowest.band_order)
        from {{ ref('grade_bands') }} as lowest
        where lowest.instrument = bands.instrument
    )
),

near_bounds as (
    select
        counted.document_id,
        counted.table_id,
        counted.column_name,
        cast(sum(case when counted.steps >= bounds.bound then counted.figures else 0 end) as bigint) as just_above,
        cast(sum(case when counted.steps < bounds.bound then counted.figures else 0 end) as bigint) as just_below
    from counted
    inner join bounds
        on
            counted.instrument = bounds.instrument
            and counted.edition_year = bounds.edition_year
            and counted.steps >= bounds.bound - bounds.reach
            and counted.steps < bounds.bound + bounds.reach
    where counted.is_total
    group by counted.document_id, counted.table_id, counted.column_name
),

-- Figures inside the same few steps, and how many pairs of them are equal.
neighbours as (
    select
        counted.document_id,
        counted.table_id,
        counted.column_name,
        cast(sum(counted.figures) as bigint) as figures_here,
        cast(sum(counted.figures * (counted.figures - 1)) * 0.5 as bigint) as equal_here
    from counted
    inner join screens on screens.screen_code = 'repeated_values'
    group by
        counted.document_id, counted.table_id, counted.column_name,
        floor(counted.steps * cast(1 as decimal(1, 0)) / screens.reach)
),

pairs as (
    select
        document_id,
        table_id,
        column_name,
        cast(sum(figures_here * (figures_here - 1)) * 0.5 as bigint) as near_pairs,
        cast(sum(equal_here) as bigint) as equal_pairs
    from neighbours
    group by document_id, table_id, column_name
),

spreads as (
    select
        document_id,
        table_id,
        column_name,
        figure_kind,
        max(expectation) as expectation,
        max(reason) as reason,
        bool_or(is_total and instrument in (select bounds.instrument from bounds)) as is_graded,
        min(steps) as least,
        max(steps) as greatest,
        {%- for digit in range(10) %}
            cast(sum(case when ((steps % 10) + 10) % 10 = {{ digit }} then figures else 0 end) as bigint)
                as last_{{ digit }},
        {%- endfor %}
        {%- for digit in range(1, 10) %}
            cast(
                sum(case when substr(cast(abs(steps) as string), 1, 1) = '{{ digit }}' then figures else 0 end)
                as bigint
            ) as first_{{ digit }},
        {%- endfor %}
        sqrt(greatest(
            sum(figures * cast(steps as double) * cast(steps as double)) / sum(figures)
            - pow(sum(figures * cast(steps as double)) / sum(figures), 2), 0e0
        )) as deviation
    from counted
    group by document_id, table_id, column_name, figure_kind
),

columns_screened as (
    select
        spreads.*,
        screens.screen_code,
        coalesce(pairs.equal_pairs, 0) as equal_pairs,
        coalesce(pairs.near_pairs, 0) as near_pairs,
        coalesce(near_bounds.just_above, 0) as just_above,
        coalesce(near_bounds.just_below, 0) as just_below,
        case
            when screens.screen_code = 'first_digit'
                then case when spreads.greatest < 1000 * spreads.least then 'few_orders_of_magnitude' end
            when screens.screen_code = 'grade_bound' then null
            when spreads.reason is not null then spreads.reason
            when spreads.deviation < 5 then 'narrow_spread'
        end as withheld_reason
    from spreads
    cross join screens
    left join pairs
        on
            spreads.document_id = pairs.document_id
            and spreads.table_id = pairs.table_id
            and spreads.column_name = pairs.column_name
    left join near_bounds
        on
            spreads.document_id = near_bounds.document_id
            and spreads.table_id = near_bounds.table_id
            and spreads.column_name = near_bounds.column_name
    where
        case screens.screen_code
            when 'first_digit' then spreads.figure_kind = 'amount'
            when 'grade_bound' then spreads.is_graded
            else true
        end
),

-- All that can be expected of several columns, or of one column in several tables, can be of them together.
together as (
    {%- for table, column in [("'all tables'", 'column_name'), ("'all tables'", "'all columns'")] %}
        select
            document_id,
            {{ table }} as table_id,
            {{ column }} as column_name,
            screen_code,
            max(expectation) as expectation,
            cast(null as string) as withheld_reason,
            {{ sums | join(', ') }}
        from columns_screened
        where withheld_reason is null
        group by document_id, screen_code{{ ', column_name' if column == 'column_name' }}
        having count(distinct {{ 'table_id' if column == 'column_name' else 'column_name' }}) > 1
        union all
    {%- endfor %}
    select
        document_id,
        table_id,
        column_name,
        screen_code,
        expectation,
        withheld_reason,
        {{ measures | join(', ') }}
    from columns_screened
),

measured as (
    select
        *,
        case screen_code
            when 'first_digit' then {{ first | join(' + ') }}
            when 'grade_bound' then just_above + just_below
            else {{ last | join(' + ') }}
        end as figures
    from together
),

judged as (
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
    from measured
    inner join screens on measured.screen_code = screens.screen_code
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
inner join screens on adjusted.screen_code = screens.screen_code
left join {{ ref('withheld_reasons') }} as reasons on adjusted.reason = reasons.reason_code
