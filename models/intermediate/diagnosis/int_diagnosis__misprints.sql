-- Of each printed cell that a rule rests on: how many texts differ from it by one digit, and how many of them the rules
-- would notice. Each rule leaves the cell an interval, so what no rule notices is counted digit by digit, not tried.
with rule_cells as (
    select
        cells.*,
        -- A rule that is broken already says nothing new when a figure beside it changes; on its own figure it does.
        (
            cells.column_no = cells.cell_column_no
            and cells.row_no = cells.cell_row_no
        )
        or {{ rule_holds_with('cells', 'cells.value') }} as is_heard
    from {{ ref('int_diagnosis__rule_cells') }} as cells
    where cells.printed is not null
),

cells as (
    select
        cell_column_no,
        cell_row_no,
        min(printed) as printed,
        min(step) as step,
        {{ points('min(value)') }} as value_points,
        -- Nothing is noticed from here to there; no end is null.
        {{ points('max(case when is_heard then holds_from end)') }} as unnoticed_from,
        {{ points('min(case when is_heard then holds_to end)') }} as unnoticed_to,
        count(*) as rules
    from rule_cells
    group by cell_column_no, cell_row_no
),

signs as (
    select
        *,
        {{ replace_matches('printed', '[^0-9]', '') }} as digits,
        {{ printed_decimals('printed') }} as decimals,
        case when printed like '-%' then -1 else 1 end as side
    from cells
),

places as (
    select
        *,
        {{ each_number_to('length(digits)') }} as place
    from signs
    where digits != ''
),

-- By how much one more of the digit raises the cell.
digits as (
    select
        *,
        cast(substr(digits, place, 1) as bigint) as digit,
        side * {{ points('pow(cast(10 as double), length(digits) - place - decimals)') }} as place_points
    from places
),

-- The digits, from this to that, with which nothing is noticed.
spans as (
    select
        *,
        digit + greatest(
            coalesce(
                case
                    when side = 1 then {{ quotient_above('unnoticed_from - value_points', 'place_points') }}
                    else {{ quotient_above('unnoticed_to - value_points', 'place_points') }}
                end, -9
            ), -digit
        ) as from_digit,
        digit + least(
            coalesce(
                case
                    when side = 1 then {{ quotient_below('unnoticed_to - value_points', 'place_points') }}
                    else {{ quotient_below('unnoticed_from - value_points', 'place_points') }}
                end, 9
            ), 9 - digit
        ) as to_digit
    from digits
    -- An amount in a unit of many rupiah prints no digit below the unit.
    where abs(place_points) >= {{ points('step') }} or printed like '%,%'
),

-- A grade has no digits: every other grade is a misprint of it, and noticed unless it is the right one.
grades as (
    select
        claims.document_id,
        claims.table_id,
        claims.row_no,
        claims.column_name,
        claims.published_text,
        claims.recomputed_text,
        bands.grade
    from {{ ref('int_quality__category_claims') }} as claims
    inner join {{ ref('rules') }} as rules
        on
            claims.rule_id = rules.rule_id
            and rules.checked_by = 'bands'
    inner join {{ ref('grade_bands') }} as bands
        on
            rules.instrument = bands.instrument
            and {{ holds_in('bands', 'claims.edition_year') }}
            and claims.published_text != bands.grade
),

counted as (
    select
        cell_column_no,
        cell_row_no,
        rules,
        9 * count(*) as misprints,
        cast(9 * count(*) - sum(
            greatest(to_digit - from_digit + 1, 0)
            -- The digit that is printed is no misprint.
            - case when digit between from_digit and to_digit then 1 else 0 end
        ) as bigint) as misprints_noticed
    from spans
    group by cell_column_no, cell_row_no, rules
)

select
    columns.document_id,
    columns.table_id,
    counted.cell_row_no as row_no,
    columns.column_name,
    counted.rules,
    counted.misprints,
    counted.misprints_noticed
from counted
inner join {{ ref('int_diagnosis__columns') }} as columns on counted.cell_column_no = columns.column_no
union all
select
    document_id,
    table_id,
    row_no,
    column_name,
    1 as rules,
    count(*) as misprints,
    cast(sum(case when recomputed_text is distinct from grade then 1 else 0 end) as bigint) as misprints_noticed
from grades
group by document_id, table_id, row_no, column_name
