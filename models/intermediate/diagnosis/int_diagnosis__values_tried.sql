{%- set most_solutions = 9 -%}

-- What each cell of a broken rule may have been before one slip: its digits changed in one way, or a value that it was
-- confused with. Digits are those of a whole number of the last printed place, so points and commas do not matter;
-- `place` is the worth of that place, in points. Values are many: no step holds them all, neither to sort nor to count.
with cells as (
    select
        *,
        {{ printed_decimals('printed') }} as decimals,
        case step when 0.1 then 1 when 0.01 then 2 when 0.001 then 3 when 0.0001 then 4 else 0 end as step_decimals,
        case when value < 0 then -1 else 1 end as sign,
        -- Four decimals, as all steps have, and 64 bits like the values: DuckDB takes a hundredth of the time.
        cast(greatest(effective_step_points, 10) * cast(0.00001 as decimal(5, 5)) as decimal(18, 4)) as effective_step
    from {{ ref('int_diagnosis__cells') }}
    where
        is_broken
        and can_hold
),

placed as (
    select
        *,
        case
            when step > 1 then {{ points('step') }}
            else {{ place_worth('decimals') }}
        end as place
    from cells
),

counted as (
    select
        *,
        cast({{ wide_quotient(points('abs(value)'), 'place') }} as string) as plain_digits
    from placed
),

written as (
    select
        *,
        lpad(plain_digits, cast(greatest(length(plain_digits), decimals + 1) as integer), '0') as digits,
        greatest(length(plain_digits), decimals + 1) as length,
        greatest(length(plain_digits), decimals + 1) - decimals as whole_length
    from counted
),

-- Where a digit may have been left out: before the comma where all decimals are printed, else behind it. Where one may
-- be there twice: behind the comma where there are too many decimals, else before it.
reaches as (
    select
        cell_column_no,
        cell_row_no,
        step,
        step_decimals,
        decimals,
        sign,
        digits,
        length,
        case when decimals < step_decimals then whole_length + 1 else 1 end as first_left_out,
        case when decimals < step_decimals then length + 1 else whole_length + 1 end as last_left_out,
        case when decimals > step_decimals then whole_length + 1 else 1 end as first_doubled,
        case when decimals > step_decimals then length - 1 else whole_length - 1 end as last_doubled
    from written
),

at_places as (
    select
        *,
        {{ each_number_to('cast(greatest(length + 1, 5) as integer)') }} as p
    from reaches
),

-- Each way to change the digits: what they become, how many of them are decimals, and the sign.
changed as (
    select
        places.cell_column_no,
        places.cell_row_no,
        places.step,
        'digit_replaced' as slip_code,
        concat(substr(places.digits, 1, places.p - 1), each.digit, substr(places.digits, places.p + 1))
            as proposed_digits,
        places.decimals as proposed_decimals,
        places.sign as proposed_sign
    from at_places as places
    cross join {{ digits() }} as each (digit)
    where
        places.p <= places.length
        and substr(places.digits, places.p, 1) != each.digit
    union all
    select
        places.cell_column_no,
        places.cell_row_no,
        places.step,
        'digit_left_out' as slip_code,
        concat(substr(places.digits, 1, places.p - 1), each.digit, substr(places.digits, places.p)) as proposed_digits,
        case when places.decimals < places.step_decimals then places.decimals + 1 else places.decimals end
            as proposed_decimals,
        places.sign as proposed_sign
    from at_places as places
    cross join {{ digits() }} as each (digit)
    where
        places.p between places.first_left_out and places.last_left_out
        -- Behind its like a digit makes what it makes before it.
        and (places.p = places.first_left_out or substr(places.digits, places.p - 1, 1) != each.digit)
    union all
    select
        cell_column_no,
        cell_row_no,
        step,
        'digits_swapped' as slip_code,
        concat(substr(digits, 1, p - 1), substr(digits, p + 1, 1), substr(digits, p, 1), substr(digits, p + 2))
            as proposed_digits,
        decimals as proposed_decimals,
        sign as proposed_sign
    from at_places
    where
        p < length
        and substr(digits, p, 1) != substr(digits, p + 1, 1)
    union all
    select
        cell_column_no,
        cell_row_no,
        step,
        'digit_doubled' as slip_code,
        concat(substr(digits, 1, p - 1), substr(digits, p + 1)) as proposed_digits,
        case when decimals > step_decimals then decimals - 1 else decimals end as proposed_decimals,
        sign as proposed_sign
    from at_places
    where
        p between first_doubled and last_doubled
        and substr(digits, p, 1) = substr(digits, p + 1, 1)
        and (p = first_doubled or substr(digits, p - 1, 1) != substr(digits, p, 1))
    union all
    select
        cell_column_no,
        cell_row_no,
        step,
        'comma_misplaced' as slip_code,
        digits as proposed_digits,
        p - 1 as proposed_decimals,
        sign as proposed_sign
    from at_places
    where
        p between 1 and 5
        and p - 1 != decimals
        and step_decimals > 0
        and cast(digits as decimal(18, 0)) * {{ place_worth('p - 1') }} % {{ place_worth('step_decimals') }} = 0
    union all
    select
        cell_column_no,
        cell_row_no,
        step,
        'comma_misplaced' as slip_code,
        case when p = 1 then concat(digits, '000') else substr(digits, 1, length - 3) end as proposed_digits,
        decimals as proposed_decimals,
        sign as proposed_sign
    from at_places
    where
        step_decimals = 0
        and (p = 1 or (p = 2 and length > 3 and digits like '%000'))
    union all
    select
        cell_column_no,
        cell_row_no,
        step,
        'sign_lost' as slip_code,
        digits as proposed_digits,
        decimals as proposed_decimals,
        -sign as proposed_sign
    from at_places
    where p = 1
),

-- Tried, not cast: an engine may work a number out before it is asked whether its digits are too many.
by_digits as (
    select
        cell_column_no,
        cell_row_no,
        slip_code,
        cast(
            proposed_sign * case
                when step > 1 then try_cast(proposed_digits as decimal(13, 0)) * cast(step as decimal(10, 0))
                else cast(
                    try_cast(proposed_digits as decimal(13, 0)) * {{ step_of('proposed_decimals') }} as decimal(18, 4)
                )
            end as decimal(18, 4)
        ) as proposed
    from changed
    where length(proposed_digits) between 1 and 13
),

-- Values that the cell may have been confused with: those of other rows of its column that break their rules as well …
of_columns as (
    select distinct
        cell_column_no,
        value
    from written
    where rows_of_column <= {{ most_rows_searched() }}
),

donors as (
    select
        written.cell_column_no,
        written.cell_row_no,
        'value_of_other_row' as slip_code,
        of_columns.value as proposed
    from written
    inner join of_columns
        on
            written.cell_column_no = of_columns.cell_column_no
            and written.value != of_columns.value
),

-- … or, where the cell prints what stands elsewhere, any of the few values that its rules leave.
same_columns as (
    select
        columns.column_no,
        others.column_no as other_column_no
    from {{ ref('int_diagnosis__columns') }} as columns
    inner join {{ ref('int_diagnosis__columns') }} as others
        on
            columns.document_id = others.document_id
            and columns.column_name = others.column_name
            and columns.table_id != others.table_id
),

sources as (
    select
        written.cell_column_no,
        written.cell_row_no,
        'other_list' as slip_code
    from written
    inner join same_columns on written.cell_column_no = same_columns.column_no
    inner join {{ ref('int_diagnosis__cells') }} as others
        on
            same_columns.other_column_no = others.cell_column_no
            and written.cell_row_no = others.cell_row_no
            and written.value = others.value
    union
    select
        written.cell_column_no,
        written.cell_row_no,
        'earlier_edition' as slip_code
    from written
    inner join {{ ref('int_diagnosis__earlier_values') }} as earlier
        on
            {{ same_cell('written', 'earlier') }}
            and written.value = earlier.value
    -- A group of thousands that was lost is not known either, but of which its rules leave few.
    union
    select
        cell_column_no,
        cell_row_no,
        'comma_misplaced' as slip_code
    from written
    where
        step_decimals = 0
        and holds_from >= 1000 * cast(value as decimal(38, 4))
        and holds_to < 1000 * cast(value + step as decimal(38, 4))
),

solved as (
    select
        written.*,
        sources.slip_code,
        {{ steps_from('written.holds_from', 'written.step') }} as first_step,
        {{ steps_to('written.holds_to', 'written.step') }} as last_step
    from sources
    inner join written on {{ same_cell('sources', 'written') }}
    where written.holds_from <= written.holds_to
),

solutions as (
    select
        solved.cell_column_no,
        solved.cell_row_no,
        solved.slip_code,
        cast((solved.first_step + each.number - 1) * solved.step as decimal(18, 4)) as proposed
    from solved
    inner join {{ numbers_to(most_solutions) }} as each (number)
        on each.number <= solved.last_step - solved.first_step + 1
    where
        solved.last_step - solved.first_step < {{ most_solutions }}
        -- Three zeros, with which it still has thirteen digits, are among the ways to change its digits.
        and not (
            solved.slip_code = 'comma_misplaced'
            and solved.length <= 10
            and (solved.first_step + each.number - 1) * solved.step = 1000 * cast(solved.value as decimal(38, 4))
        )
),

tried as (
    select * from by_digits
    union all
    select * from donors
    union all
    select * from solutions
)

select
    tried.cell_column_no,
    tried.cell_row_no,
    tried.slip_code,
    tried.proposed,
    {{ fits('tried.proposed', 'written', 'kept') }} as breaks_no_rule,
    {{ fits('tried.proposed', 'written', 'holds') }} as fits_all_rules
from tried
inner join written on {{ same_cell('tried', 'written') }}
where
    tried.proposed != written.value
    and tried.proposed % written.effective_step = 0
