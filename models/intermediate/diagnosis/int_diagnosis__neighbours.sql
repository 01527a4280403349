-- Each cell of a rule with those above and below it in its column, and how its column stands.
select
    cells.cell_column_no,
    cells.cell_row_no,
    cells.value,
    cells.step,
    cells.own_from,
    cells.own_to,
    cells.broken_from,
    cells.broken_to,
    cells.is_broken,
    cells.rows_of_column,
    columns.table_no,
    {%- for side, place in {'above': 'lag', 'below': 'lead'}.items() %}
        {{ place }}(cells.value) over down as value_{{ side }},
    {%- endfor %}
    row_number() over down as place_in_column,
    sum(case when cells.is_broken then 1 else 0 end) over in_column as broken_in_column,
    -- How likely the narrowest of its rules would let pass any value of the column, were they spread normally.
    coalesce(
        least(
            1,
            cast(cells.own_width + cells.step as double)
            / (2.5 * stddev_pop(cast(cells.value as double)) over in_column + cast(cells.step as double))
        ), 1
    ) as chance
from {{ ref('int_diagnosis__cells') }} as cells
inner join {{ ref('int_diagnosis__columns') }} as columns on cells.cell_column_no = columns.column_no
window
    down as (partition by cells.cell_column_no order by cells.cell_row_no),
    in_column as (partition by cells.cell_column_no)
