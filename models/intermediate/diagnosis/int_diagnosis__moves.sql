-- Values that may have changed places: two cells of a column, two of a row, a run of a column moved by a row, three
-- cells near each other. One row per such move and cell that it changes; whether all rules hold after it is asked of
-- all its cells at once.
with moved as (
    select * from {{ ref('int_diagnosis__runs') }}
    union all
    select * from {{ ref('int_diagnosis__turns') }}
),

-- The same changes may be found in two ways.
distinct_moves as (
    select min(set_id) as set_id
    from (
        select
            set_id,
            cell_column_no,
            {{ joined_text("concat(cell_row_no, ':', proposed)", ' ', 'cell_row_no') }} as changes
        from moved
        group by set_id, cell_column_no
        having
            -- Two cells that changed places are no run.
            count(*) > 2
            or not bool_or(is_turned)
    ) as sets
    group by cell_column_no, changes
),

moves as (
    select
        set_id,
        slip_code,
        cell_column_no,
        cell_row_no,
        proposed,
        tried,
        expected_by_chance
    from {{ ref('int_diagnosis__swaps') }}
    union all
    select
        moved.set_id,
        moved.slip_code,
        moved.cell_column_no,
        moved.cell_row_no,
        moved.proposed,
        moved.tried,
        moved.expected_by_chance
    from moved
    inner join distinct_moves on moved.set_id = distinct_moves.set_id
)

select
    *,
    {{ number_of('set_id') }} as set_no,
    slip_code != 'columns_swapped' as is_in_column
from moves
