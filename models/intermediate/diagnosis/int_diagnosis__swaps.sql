-- Two cells of a column, or of a row, that may have changed places: each could stand in the place of the other.
with cells as (
    select * from {{ ref('int_diagnosis__neighbours') }}
),

suspects as (
    select * from cells
    where is_broken
),

-- Each could stand in the place of the other, as far as rules go that rest on one of the two alone.
swapped_rows as (
    select
        one.cell_column_no,
        one.cell_row_no,
        one.value,
        other.cell_column_no as other_column_no,
        other.cell_row_no as other_row_no,
        other.value as other_value,
        one.rows_of_column - 1 as tried,
        case when other.is_broken then one.broken_in_column - 1 else one.rows_of_column - 1 end
        * one.chance * other.chance as expected_by_chance
    from suspects as one
    inner join cells as other
        on
            one.cell_column_no = other.cell_column_no
            and one.cell_row_no != other.cell_row_no
            and one.value != other.value
            and {{ fits('other.value', 'one', 'own') }}
            and {{ fits('one.value', 'other', 'own') }}
    where
        one.rows_of_column <= {{ most_rows_searched() }}
        and (one.cell_row_no < other.cell_row_no or not other.is_broken)
),

-- Cells of a row on which one broken rule rests: what an exchange of the two adds to it must be near what it needs.
of_one_rule as (
    select
        one.cell_column_no,
        one.cell_row_no,
        other.cell_column_no as other_column_no,
        bool_and(
            {{ may_mend('one', 'other', '(one.pull - other.pull) * cast(other.value - one.value as double)') }}
        ) as may_mend
    from {{ ref('int_diagnosis__broken_rules') }} as one
    inner join {{ ref('int_diagnosis__broken_rules') }} as other
        on
            one.finding_id = other.finding_id
            and one.cell_row_no = other.cell_row_no
            and one.cell_column_no != other.cell_column_no
    group by one.cell_column_no, one.cell_row_no, other.cell_column_no
),

tried_columns as (
    select
        one.cell_column_no,
        one.cell_row_no,
        one.value,
        other.cell_column_no as other_column_no,
        other.cell_row_no as other_row_no,
        other.value as other_value,
        other.is_broken as other_is_broken,
        {{ fits('other.value', 'one', 'broken') }} as fits_broken,
        count(*) over of_cell as tried,
        count(*) over of_cell * one.chance * other.chance as expected_by_chance
    from suspects as one
    inner join cells as other
        on
            one.table_no = other.table_no
            and one.cell_row_no = other.cell_row_no
            and one.cell_column_no != other.cell_column_no
            and one.value != other.value
    window
        of_cell as (partition by one.cell_column_no, one.cell_row_no)
),

-- Where no broken rule rests on both, the broken ones of the one must let the value of the other pass.
swapped_columns as (
    select
        pairs.cell_column_no,
        pairs.cell_row_no,
        pairs.value,
        pairs.other_column_no,
        pairs.other_row_no,
        pairs.other_value,
        pairs.tried,
        pairs.expected_by_chance
    from tried_columns as pairs
    left join of_one_rule
        on
            {{ same_cell('pairs', 'of_one_rule') }}
            and pairs.other_column_no = of_one_rule.other_column_no
    where
        -- Two broken cells are a pair once.
        (pairs.value < pairs.other_value or not pairs.other_is_broken)
        and coalesce(of_one_rule.may_mend, pairs.fits_broken)
),

swaps as (
    select
        *,
        'cells_swapped' as slip_code
    from swapped_rows
    union all
    select
        *,
        'columns_swapped' as slip_code
    from swapped_columns
),

swap_ids as (
    select
        *,
        concat_ws('/', slip_code, cell_column_no, cell_row_no, other_column_no, other_row_no) as set_id
    from swaps
)

select
    set_id,
    slip_code,
    cell_column_no,
    cell_row_no,
    other_value as proposed,
    tried,
    expected_by_chance
from swap_ids
union all
select
    set_id,
    slip_code,
    other_column_no as cell_column_no,
    other_row_no as cell_row_no,
    value as proposed,
    tried,
    expected_by_chance
from swap_ids
