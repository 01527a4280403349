{%- set near = 8 -%}

-- Three cells near each other in a column, of which each may have the value of the next; two of them are broken.
with cells as (
    select * from {{ ref('int_diagnosis__neighbours') }}
),

suspects as (
    select * from cells
    where is_broken
),

ones as (
    select
        *,
        {{ each_number_to(2 * near - 1) }} as reach
    from suspects
    where broken_in_column >= 2
),

pairs_in_turn as (
    select
        one.cell_column_no,
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
            one.cell_column_no = next.cell_column_no
            and one.place_in_column + one.reach - {{ near }} = next.place_in_column
            and one.value != next.value
            and {{ fits('next.value', 'one', 'own') }}
),

turns as (
    select
        pairs.*,
        concat_ws(
            '/', 'value_of_other_row', pairs.cell_column_no, pairs.one_row_no, pairs.next_row_no, third.cell_row_no
        ) as set_id,
        third.cell_row_no as third_row_no,
        third.value as third_value,
        {{ 2 * near }} as tried,
        {{ 2 * near }} * pairs.chance * third.chance as expected_by_chance
    from pairs_in_turn as pairs
    inner join cells as third
        on
            pairs.cell_column_no = third.cell_column_no
            and pairs.one_place + pairs.reach - {{ near }} = third.place_in_column
            and abs(pairs.next_place - third.place_in_column) < {{ near }}
            and pairs.next_value != third.value
            and pairs.one_value != third.value
            and {{ fits('third.value', 'pairs', 'next') }}
            and {{ fits('pairs.one_value', 'third', 'own') }}
)

{%- for row, value in {'one': 'next', 'next': 'third', 'third': 'one'}.items() %}
    select
        set_id,
        'value_of_other_row' as slip_code,
        cell_column_no,
        {{ row }}_row_no as cell_row_no,
        {{ value }}_value as proposed,
        tried,
        expected_by_chance,
        true as is_turned
    from turns
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
