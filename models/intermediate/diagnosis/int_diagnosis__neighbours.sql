-- Each cell of a rule with those above and below it in its column, and how its column stands.
select
    cell_document_id,
    cell_table_id,
    cell_row_no,
    cell_column_name,
    value,
    step,
    own_from,
    own_to,
    broken_from,
    broken_to,
    is_broken,
    rows_of_column,
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
