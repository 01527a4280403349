{%- set cell = ['cell_document_id', 'cell_table_id', 'cell_row_no', 'cell_column_name'] -%}
{%- set near = 8 -%}

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

-- What an exchange of two cells explains, a run may have done in which another row holds by accident: of rows near each
-- other, also the runs with two broken ones among others.
turnable as (
    select
        cells.*,
        {%- for side in ['above', 'below'] %}
            sum(
                case when coalesce({{ fits('cells.value_' ~ side, 'cells', 'own') }}, false) then 0 else 1 end
            ) over down as misfits_{{ side }},
        {%- endfor %}
        sum(ln(greatest(cells.chance, 0.000001))) over down as ln_chance,
        sum(case when cells.is_broken then 1 else 0 end) over down as broken_so_far,
        sum(case when cells.is_broken then 1 else 0 end) over (
            partition by cells.cell_document_id, cells.cell_table_id, cells.cell_column_name order by cells.cell_row_no
            rows between current row and {{ near - 1 }} following
        ) as broken_ahead
    from cells
    where cells.broken_in_column >= 2
    window
        down as (
            partition by cells.cell_document_id, cells.cell_table_id, cells.cell_column_name order by cells.cell_row_no
        )
),

tops as (
    select
        *,
        {{ each_number_to(near - 2) }} as rows_between
    from turnable
    where broken_ahead >= 2
),

turned as (
    {%- for side in ['above', 'below'] %}
        select
            top.cell_document_id,
            top.cell_table_id,
            top.cell_column_name,
            'below' = '{{ side }}' as is_from_below,
            concat_ws(
                '/', 'run_shifted', top.cell_document_id, top.cell_table_id, top.cell_column_name, '{{ side }}',
                top.cell_row_no, bottom.cell_row_no
            ) as set_id,
            {%- if side == 'below' %}
                top.place_in_column as first_place,
                bottom.place_in_column - 1 as last_place,
            {%- else %}
                top.place_in_column + 1 as first_place,
                bottom.place_in_column as last_place,
            {%- endif %}
            exp(bottom.ln_chance - top.ln_chance) * top.chance as chance,
            {{ 'bottom' if side == 'below' else 'top' }}.place_in_column as open_place,
            {{ 'top' if side == 'below' else 'bottom' }}.value as carried_value,
            true as is_turned
        from tops as top
        inner join turnable as bottom
            on
                top.cell_document_id = bottom.cell_document_id
                and top.cell_table_id = bottom.cell_table_id
                and top.cell_column_name = bottom.cell_column_name
                and top.place_in_column + top.rows_between + 1 = bottom.place_in_column
        where
            bottom.broken_so_far - top.broken_so_far + case when top.is_broken then 1 else 0 end >= 2
            {%- if side == 'below' %}
                and {{ fits('top.value', 'bottom', 'own') }}
                and bottom.misfits_below - case when {{ fits('bottom.value_below', 'bottom', 'own') }} then 0 else 1 end
                = top.misfits_below - case when {{ fits('top.value_below', 'top', 'own') }} then 0 else 1 end
            {%- else %}
                and {{ fits('bottom.value', 'top', 'own') }}
                and bottom.misfits_above = top.misfits_above
            {%- endif %}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

runs as (
    select
        *,
        false as is_turned
    from runs_above
    union all
    select
        *,
        false as is_turned
    from runs_below
    union all
    select * from turned
),

rows_of_runs as (
    select
        *,
        {{ each_number_to('cast(last_place - first_place + 2 as integer)') }} as row_of_run
    from runs
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
        runs.chance,
        runs.is_turned
    from rows_of_runs as runs
    inner join cells
        on
            runs.cell_document_id = cells.cell_document_id
            and runs.cell_table_id = cells.cell_table_id
            and runs.cell_column_name = cells.cell_column_name
            and least(runs.first_place, runs.open_place) + runs.row_of_run - 1 = cells.place_in_column
            and (
                cells.place_in_column between runs.first_place and runs.last_place
                or (
                    runs.open_place = cells.place_in_column
                    and (cells.is_broken or runs.is_turned)
                    and (
                        {{ fits('runs.carried_value', 'cells', 'own') }}
                        or {{ steps_from('cells.own_from', 'cells.step') }}
                        = {{ steps_to('cells.own_to', 'cells.step') }}
                    )
                )
            )
),

-- So may three cells of which each has the value of the next; two of them are broken.
ones as (
    select
        *,
        {{ each_number_to(2 * near - 1) }} as reach
    from suspects
    where broken_in_column >= 2
),

pairs_in_turn as (
    select
        one.cell_document_id,
        one.cell_table_id,
        one.cell_column_name,
        one.cell_row_no as one_row_no,
        one.place_in_column as one_place,
        one.value as one_value,
        next.cell_row_no as next_row_no,
        next.place_in_column as next_place,
        next.value as next_value,
        next.own_from as next_from,
        next.own_to as next_to,
        one.broken_in_column * one.chance * next.chance as chance,
        {{ each_number_to(2 * near - 1) }} as reach
    from ones as one
    inner join suspects as next
        on
            one.cell_document_id = next.cell_document_id
            and one.cell_table_id = next.cell_table_id
            and one.cell_column_name = next.cell_column_name
            and one.place_in_column + one.reach - {{ near }} = next.place_in_column
            and one.value != next.value
            and {{ fits('next.value', 'one', 'own') }}
),

turns as (
    select
        pairs.*,
        concat_ws(
            '/', 'value_of_other_row', pairs.cell_document_id, pairs.cell_table_id, pairs.cell_column_name,
            pairs.one_row_no, pairs.next_row_no, third.cell_row_no
        ) as set_id,
        third.cell_row_no as third_row_no,
        third.value as third_value,
        {{ 2 * near }} as tried,
        {{ 2 * near }} * pairs.chance * third.chance as expected_by_chance
    from pairs_in_turn as pairs
    inner join cells as third
        on
            pairs.cell_document_id = third.cell_document_id
            and pairs.cell_table_id = third.cell_table_id
            and pairs.cell_column_name = third.cell_column_name
            and pairs.one_place + pairs.reach - {{ near }} = third.place_in_column
            and abs(pairs.next_place - third.place_in_column) < {{ near }}
            and pairs.next_value != third.value
            and pairs.one_value != third.value
            and {{ fits('third.value', 'pairs', 'next') }}
            and {{ fits('pairs.one_value', 'third', 'own') }}
),

moved as (
    select
        shifted.set_id,
        shifted.slip_code,
        {%- for column in cell %}
            shifted.{{ column }},
        {%- endfor %}
        shifted.proposed,
        shifted.tried,
        shifted.tried * shifted.chance as expected_by_chance,
        shifted.is_turned
    from shifted
    inner join cells on {{ same_cell('shifted', 'cells') }}
    where shifted.proposed != cells.value
    {%- for row, value in {'one': 'next', 'next': 'third', 'third': 'one'}.items() %}
        union all
        select
            set_id,
            'value_of_other_row' as slip_code,
            cell_document_id,
            cell_table_id,
            {{ row }}_row_no as cell_row_no,
            cell_column_name,
            {{ value }}_value as proposed,
            tried,
            expected_by_chance,
            true as is_turned
        from turns
    {%- endfor %}
),

-- The same changes may be found in two ways.
distinct_moves as (
    select min(set_id) as set_id
    from (
        select
            set_id,
            cell_document_id,
            cell_table_id,
            cell_column_name,
            {{ joined_text("concat(cell_row_no, ':', proposed)", ' ', 'cell_row_no') }} as changes
        from moved
        group by set_id, cell_document_id, cell_table_id, cell_column_name
        having
            -- Two cells that changed places are no run.
            count(*) > 2
            or not bool_or(is_turned)
    ) as sets
    group by cell_document_id, cell_table_id, cell_column_name, changes
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
    moved.set_id,
    moved.slip_code,
    {%- for column in cell %}
        moved.{{ column }},
    {%- endfor %}
    moved.proposed,
    moved.tried,
    moved.expected_by_chance
from moved
inner join distinct_moves on moved.set_id = distinct_moves.set_id
