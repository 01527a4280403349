{%- set cell = ['cell_document_id', 'cell_table_id', 'cell_row_no', 'cell_column_name'] -%}

-- Values that may have changed places: two cells of a column, two of a row, a run of a column moved by a row. One row
-- per such move and cell that it changes; whether all rules hold after it is asked of all its cells at once.
with cells as (
    select
        *,
        {%- for side, place in {'above': 'lag', 'below': 'lead'}.items() %}
            {{ place }}(value) over down as value_{{ side }},
        {%- endfor %}
        row_number() over down as place_in_column,
        sum(case when is_broken then 1 else 0 end) over in_column as broken_in_column,
        -- How likely the narrowest of its rules would let pass any value of the column, were they spread normally.
        coalesce(
            least(
                1,
                cast(own_width + step as double)
                / (2.5 * stddev_pop(cast(value as double)) over in_column + cast(step as double))
            ), 1
        ) as chance
    from {{ ref('int_diagnosis__cells') }}
    window
        down as (partition by cell_document_id, cell_table_id, cell_column_name order by cell_row_no),
        in_column as (partition by cell_document_id, cell_table_id, cell_column_name)
),

suspects as (
    select * from cells
    where is_broken
),

-- Each could stand in the place of the other, as far as rules go that rest on one of the two alone.
swapped_rows as (
    select
        one.cell_document_id,
        one.cell_table_id,
        one.cell_row_no,
        one.cell_column_name,
        one.value,
        other.cell_row_no as other_row_no,
        other.cell_column_name as other_column_name,
        other.value as other_value,
        one.rows_of_column - 1 as tried,
        case when other.is_broken then one.broken_in_column - 1 else one.rows_of_column - 1 end
        * one.chance * other.chance as expected_by_chance
    from suspects as one
    inner join cells as other
        on
            one.cell_document_id = other.cell_document_id
            and one.cell_table_id = other.cell_table_id
            and one.cell_column_name = other.cell_column_name
            and one.cell_row_no != other.cell_row_no
            and one.value != other.value
            and {{ fits('other.value', 'one', 'own') }}
            and {{ fits('one.value', 'other', 'own') }}
    where
        one.rows_of_column <= {{ most_rows_searched() }}
        and (one.cell_row_no < other.cell_row_no or not other.is_broken)
),

swapped_columns as (
    select
        one.cell_document_id,
        one.cell_table_id,
        one.cell_row_no,
        one.cell_column_name,
        one.value,
        other.cell_row_no as other_row_no,
        other.cell_column_name as other_column_name,
        other.value as other_value,
        count(*) over (
            partition by one.cell_document_id, one.cell_table_id, one.cell_row_no, one.cell_column_name
        ) as tried,
        count(*) over (
            partition by one.cell_document_id, one.cell_table_id, one.cell_row_no, one.cell_column_name
        ) * one.chance * other.chance as expected_by_chance
    from suspects as one
    inner join cells as other
        on
            one.cell_document_id = other.cell_document_id
            and one.cell_table_id = other.cell_table_id
            and one.cell_row_no = other.cell_row_no
            and one.cell_column_name != other.cell_column_name
            and one.value != other.value
    where
        one.cell_column_name < other.cell_column_name
        or not other.is_broken
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
        concat_ws(
            '/', slip_code, cell_document_id, cell_table_id, cell_row_no, cell_column_name, other_row_no,
            other_column_name
        ) as set_id
    from swaps
),

-- A run ends where a row neither breaks its rules nor equals its neighbour, or would not fit the neighbour's value.
{%- for side in ['above', 'below'] %}
    fits_{{ side }} as (
        select
            cells.*,
            cells.place_in_column - row_number() over (
                partition by cells.cell_document_id, cells.cell_table_id, cells.cell_column_name
                order by cells.cell_row_no
            ) as run_no
        from cells
        where
            (cells.is_broken or cells.value = cells.value_{{ side }})
            and {{ fits('cells.value_' ~ side, 'cells', 'own') }}
    ),

    runs_{{ side }} as (
        select
            cell_document_id,
            cell_table_id,
            cell_column_name,
            'below' = '{{ side }}' as is_from_below,
            concat_ws(
                '/', 'run_shifted', cell_document_id, cell_table_id, cell_column_name, '{{ side }}', min(cell_row_no)
            ) as set_id,
            min(place_in_column) as first_place,
            max(place_in_column) as last_place,
            exp(sum(ln(greatest(chance, 0.000001)))) as chance,
            {{ 'max(place_in_column) + 1' if side == 'below' else 'min(place_in_column) - 1' }} as open_place,
            {{ 'min_by' if side == 'below' else 'max_by' }}(value, place_in_column) as carried_value
        from fits_{{ side }}
        group by cell_document_id, cell_table_id, cell_column_name, run_no
        having sum(case when value != value_{{ side }} then 1 else 0 end) >= 2
    ),
{%- endfor %}

runs as (
    select * from runs_above
    union all
    select * from runs_below
),

-- The row at the open end of a run takes what fell off the other end, or the one value that its rules leave it.
shifted as (
    select
        runs.set_id,
        'run_shifted' as slip_code,
        cells.cell_document_id,
        cells.cell_table_id,
        cells.cell_row_no,
        cells.cell_column_name,
        case
            when cells.place_in_column between runs.first_place and runs.last_place
                then case when runs.is_from_below then cells.value_below else cells.value_above end
            when {{ fits('runs.carried_value', 'cells', 'own') }} then runs.carried_value
            else cast(cells.step * {{ steps_from('cells.own_from', 'cells.step') }} as decimal(18, 4))
        end as proposed,
        2 * cells.rows_of_column as tried,
        runs.chance
    from runs
    inner join cells
        on
            runs.cell_document_id = cells.cell_document_id
            and runs.cell_table_id = cells.cell_table_id
            and runs.cell_column_name = cells.cell_column_name
            and (
                cells.place_in_column between runs.first_place and runs.last_place
                or (
                    runs.open_place = cells.place_in_column
                    and cells.is_broken
                    and (
                        {{ fits('runs.carried_value', 'cells', 'own') }}
                        or {{ steps_from('cells.own_from', 'cells.step') }}
                        = {{ steps_to('cells.own_to', 'cells.step') }}
                    )
                )
            )
)

select
    set_id,
    slip_code,
    {%- for column in cell %}
        {{ column }},
    {%- endfor %}
    other_value as proposed,
    tried,
    expected_by_chance
from swap_ids
union all
select
    set_id,
    slip_code,
    cell_document_id,
    cell_table_id,
    other_row_no as cell_row_no,
    other_column_name as cell_column_name,
    value as proposed,
    tried,
    expected_by_chance
from swap_ids
union all
select
    shifted.set_id,
    shifted.slip_code,
    {%- for column in cell %}
        shifted.{{ column }},
    {%- endfor %}
    shifted.proposed,
    shifted.tried,
    shifted.tried * shifted.chance as expected_by_chance
from shifted
inner join cells on {{ same_cell('shifted', 'cells') }}
where shifted.proposed != cells.value
