-- The days of the years from the first that any document evaluates to the last. The forms print nothing finer than
-- a quarter, but MetricFlow insists on days. The range is read off the data, never off the clock, so that a rebuild
-- of the same data gives the same spine. Two digits hold a century of years, three a year of days.
with editions as (
    select
        min(edition_year) as first_year,
        max(edition_year) as last_year
    from {{ ref('documents') }}
),

digits as (
    {% for digit in range(10) -%}
        select {{ digit }} as digit
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

year_numbers as (
    select editions.first_year + 10 * tens.digit + units.digit as calendar_year
    from editions
    cross join digits as tens
    cross join digits as units
    where editions.first_year + 10 * tens.digit + units.digit <= editions.last_year
),

years as (
    select
        calendar_year,
        cast(concat(calendar_year, '-01-01') as date) as first_day
    from year_numbers
),

day_numbers as (
    select 100 * hundreds.digit + 10 * tens.digit + units.digit as day_number
    from digits as hundreds
    cross join digits as tens
    cross join digits as units
    where 100 * hundreds.digit + 10 * tens.digit + units.digit < 366
),

days as (
    select
        years.calendar_year,
        cast({{ dbt.dateadd('day', 'day_numbers.day_number', 'years.first_day') }} as date) as date_day
    from years
    cross join day_numbers
)

select
    date_day,
    calendar_year
from days
-- The 366th day of a common year is the first of the next.
where extract(year from date_day) = calendar_year
