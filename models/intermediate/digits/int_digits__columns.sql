{%- set last = digit_counts('last', range(10)) -%}
{%- set first = digit_counts('first', range(1, 10)) -%}
{%- set measures = last + first + ['equal_pairs', 'near_pairs', 'just_above', 'just_below'] -%}
{%- set sums = [] -%}
{%- for measure in measures -%}
    {%- do sums.append('cast(sum(' ~ measure ~ ') as bigint) as ' ~ measure) -%}
{%- endfor -%}

-- What is counted of the digits of a column, for each screen that is meant for it. What a column cannot be expected to
-- do is withheld, with the reason.
with editions as (
    select distinct
        instrument,
        edition_year
    from {{ ref('int_index__components') }}
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
    inner join {{ ref('int_index__components') }} as totals
        on
            editions.instrument = totals.instrument
            and editions.edition_year = totals.edition_year
            and totals.component_depth = 0
    inner join {{ ref('screens') }} as screens on screens.screen_code = 'grade_bound'
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
    from {{ ref('int_digits__figures') }} as counted
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
    from {{ ref('int_digits__figures') }} as counted
    inner join {{ ref('screens') }} as screens on screens.screen_code = 'repeated_values'
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
    from {{ ref('int_digits__figures') }}
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
    cross join {{ ref('screens') }} as screens
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
    {%- for column, several in {'column_name': 'table_id', "'all columns'": 'column_name'}.items() %}
        select
            document_id,
            'all tables' as table_id,
            {{ column }} as column_name,
            screen_code,
            max(expectation) as expectation,
            cast(null as string) as withheld_reason,
            {{ sums | join(', ') }}
        from columns_screened
        where withheld_reason is null
        group by document_id, screen_code{{ ', column_name' if column == 'column_name' }}
        having count(distinct {{ several }}) > 1
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
)

select
    *,
    case screen_code
        when 'first_digit' then {{ first | join(' + ') }}
        when 'grade_bound' then just_above + just_below
        else {{ last | join(' + ') }}
    end as figures
from together
