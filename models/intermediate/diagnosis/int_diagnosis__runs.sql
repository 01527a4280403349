{%- set near = 8 -%}

-- Runs of a column that may have moved by a row.
with cells as (
    select * from {{ ref('int_diagnosis__neighbours') }}
),

-- A run ends where a row neither breaks its rules nor equals its neighbour, or would not fit the neighbour's value.
{%- for side in ['above', 'below'] %}
    fits_{{ side }} as (
        select
            cells.*,
            cells.place_in_column - row_number() over (
                partition by cells.cell_column_no order by cells.cell_row_no
            ) as run_no
        from cells
        where
            (cells.is_broken or cells.value = cells.value_{{ side }})
            and {{ fits('cells.value_' ~ side, 'cells', 'own') }}
    ),

    runs_{{ side }} as (
        select
            cell_column_no,
            'below' = '{{ side }}' as is_from_below,
            concat_ws('/', 'run_shifted', cell_column_no, '{{ side }}', min(cell_row_no)) as set_id,
            min(place_in_column) as first_place,
            max(place_in_column) as last_place,
            exp(sum(ln(greatest(chance, 0.000001)))) as chance,
            {{ 'max(place_in_column) + 1' if side == 'below' else 'min(place_in_column) - 1' }} as open_place,
            {{ 'min_by' if side == 'below' else 'max_by' }}(value, place_in_column) as carried_value
        from fits_{{ side }}
        group by cell_column_no, run_no
        having sum(case when value != value_{{ side }} then 1 else 0 end) >= 2
    ),
{%- endfor %}

-- What an exchange of two cells explains, a run may have done in which another row holds by accident: of rows near each
-- other, also the runs with two broken ones among others.
turnable as (
    select
        cells.*,
        -- The first row, here or further on, that would not fit its neighbour's value.
        {%- for side, first in {'above': '1 following', 'below': 'current row'}.items() %}
            min(
                case
                    when not coalesce({{ fits('cells.value_' ~ side, 'cells', 'own') }}, false)
                        then cells.place_in_column
                end
            ) over (
                partition by cells.cell_column_no order by cells.cell_row_no
                rows between {{ first }} and {{ near - 1 }} following
            ) as misfit_{{ side }},
        {%- endfor %}
        sum(ln(greatest(cells.chance, 0.000001))) over down as ln_chance,
        sum(case when cells.is_broken then 1 else 0 end) over down as broken_so_far,
        sum(case when cells.is_broken then 1 else 0 end) over (
            partition by cells.cell_column_no order by cells.cell_row_no
            rows between current row and {{ near - 1 }} following
        ) as broken_ahead
    from cells
    where cells.broken_in_column >= 2
    window
        down as (partition by cells.cell_column_no order by cells.cell_row_no)
),

reaching as (
    select
        *,
        -- How far down a run from this row may go, either way.
        least(
            place_in_column + {{ near - 1 }},
            greatest(
                coalesce(misfit_below, place_in_column + {{ near - 1 }}),
                coalesce(misfit_above - 1, place_in_column + {{ near - 1 }})
            )
        ) - place_in_column as reach
    from turnable
    where broken_ahead >= 2
),

tops as (
    select
        *,
        {{ each_number_to('cast(reach - 1 as integer)') }} as rows_between
    from reaching
    where reach >= 2
),

turned as (
    select
        top.cell_column_no,
        sides.is_from_below,
        concat_ws(
            '/', 'run_shifted', top.cell_column_no, case when sides.is_from_below then 'below' else 'above' end,
            top.cell_row_no, bottom.cell_row_no
        ) as set_id,
        top.place_in_column + case when sides.is_from_below then 0 else 1 end as first_place,
        bottom.place_in_column - case when sides.is_from_below then 1 else 0 end as last_place,
        exp(bottom.ln_chance - top.ln_chance) * top.chance as chance,
        case when sides.is_from_below then bottom.place_in_column else top.place_in_column end as open_place,
        case when sides.is_from_below then top.value else bottom.value end as carried_value,
        true as is_turned
    from tops as top
    inner join turnable as bottom
        on
            top.cell_column_no = bottom.cell_column_no
            and top.place_in_column + top.rows_between + 1 = bottom.place_in_column
    cross join (values (true), (false)) as sides (is_from_below)
    where
        bottom.broken_so_far - top.broken_so_far + case when top.is_broken then 1 else 0 end >= 2
        and case
            when sides.is_from_below
                then
                    {{ fits('top.value', 'bottom', 'own') }}
                    and bottom.place_in_column <= coalesce(top.misfit_below, bottom.place_in_column)
            else
                {{ fits('bottom.value', 'top', 'own') }}
                and bottom.place_in_column <= coalesce(top.misfit_above - 1, bottom.place_in_column)
        end
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
        cells.cell_column_no,
        cells.cell_row_no,
        cells.value,
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
            runs.cell_column_no = cells.cell_column_no
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
)

select
    set_id,
    slip_code,
    cell_column_no,
    cell_row_no,
    proposed,
    tried,
    tried * chance as expected_by_chance,
    is_turned
from shifted
where proposed != value
