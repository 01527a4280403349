{#- The logic of the project's generic tests, apart from them so that it can be tested on rows made for it. -#}


{#- Where a person finds a relation: the CSV of a seed, the name of a model. -#}
{% macro place_of(relation) -%}
    {%- set seed = seed_named(relation.identifier) if execute -%}
    {%- if seed -%}
        {{ seed.original_file_path }}
    {%- else -%}
        {{ relation.schema }}.{{ relation.identifier }}
    {%- endif -%}
{%- endmacro %}


{#- One row per key that is blank in part or stands more than once. -#}
{% macro rows_with_broken_key(relation, columns, place) %}
    select concat_ws(
        '',
        '{{ place }}: ', count(*), ' row(s) with the key ',
        {%- for column in columns %}
        '{{ ', ' if not loop.first }}{{ column }} = ', coalesce(cast({{ column }} as string), 'blank'){{ ',' if not loop.last }}
        {%- endfor %},
        '; a key must be whole and stand once'
    ) as message
    from {{ relation }}
    group by {{ columns | join(', ') }}
    having count(*) > 1{% for column in columns %} or {{ column }} is null{% endfor %}
{% endmacro %}


{#- One row per row of `relation` for which the condition is not true (unknown is not true). -#}
{% macro rows_that_break(relation, condition, key, place, expected) %}
    select concat_ws(
        '',
        '{{ place }}: ',
        {%- for column in key %}
        '{{ ', ' if not loop.first }}{{ column }} = ', coalesce(cast({{ column }} as string), 'blank'){{ ',' if not loop.last }}
        {%- endfor %},
        '; expected {{ (expected or condition) | replace("'", "''") }}'
    ) as message
    from {{ relation }}
    where not coalesce({{ condition }}, false)
{% endmacro %}


{#- One row per printed name without an official region. -#}
{% macro rows_with_unknown_name(relation, column, names, place) %}
    select concat_ws(
        '',
        '{{ place }}: document ', document_id, ', table ', table_id, ', row ', row_no, ', column {{ column }}: "', {{ column }},
        '" is no printed name in seeds/reference/region_names.csv'
    ) as message
    from {{ relation }}
    where
        {{ column }} is not null
        and {{ column }} not in (select printed_name from {{ names }})
{% endmacro %}


{#- One row per document and table whose number of rows is not the registered one, in either direction. -#}
{% macro tables_with_wrong_row_count(relation, seed_name, expected) %}
    select concat_ws(
        '',
        'seeds/raw/{{ seed_name }}.csv: document ', coalesce(printed.document_id, expected.document_id),
        ', table ', coalesce(printed.table_id, expected.table_id), ' has ', coalesce(printed.rows_printed, 0),
        ' rows, seeds/reference/expected_rows.csv says ', coalesce(expected.expected_rows, 0)
    ) as message
    from (
        select document_id, table_id, count(*) as rows_printed
        from {{ relation }}
        group by document_id, table_id
    ) as printed
    full join (select * from {{ expected }} where seed_name = '{{ seed_name }}') as expected
        on printed.document_id = expected.document_id and printed.table_id = expected.table_id
    where coalesce(printed.rows_printed, 0) != coalesce(expected.expected_rows, 0)
{% endmacro %}


{#- One row per component whose children's weights, where they have any, do not sum to exactly 1. -#}
{% macro weights_that_do_not_sum_to_one(relation, place) %}
    select concat_ws(
        '',
        '{{ place }}: the children of ', instrument, '.', parent_code, ' (valid from ', valid_from, ') weigh ', sum(weight),
        ' together, must be 1; ', count(*) - count(weight), ' of ', count(*), ' have no weight'
    ) as message
    from {{ relation }}
    where parent_code is not null
    group by instrument, valid_from, parent_code
    having count(weight) > 0 and (sum(weight) != 1 or count(weight) != count(*))
{% endmacro %}


{#- One row per group of rows whose column does not sum to exactly the total. -#}
{% macro groups_that_do_not_add_up(relation, column, group_by, total, place) %}
    select concat_ws(
        '',
        '{{ place }}: ',
        {%- for key in group_by %}
        '{{ ', ' if not loop.first }}{{ key }} = ', coalesce(cast({{ key }} as string), 'blank'){{ ',' if not loop.last }}
        {%- endfor %},
        ': {{ column }} sums to ', sum({{ column }}), ', must be {{ total }}'
    ) as message
    from {{ relation }}
    group by {{ group_by | join(', ') }}
    having sum({{ column }}) != {{ total }}
{% endmacro %}


{#- One row per row whose column is below that of the row before it in its group. -#}
{% macro rows_that_decrease(relation, column, group_by, order_by, place) %}
    select concat_ws(
        '',
        '{{ place }}: ',
        {%- for key in group_by + [order_by] %}
        '{{ ', ' if not loop.first }}{{ key }} = ', coalesce(cast({{ key }} as string), 'blank'),
        {%- endfor %}
        ': {{ column }} ', {{ column }}, ' is below ', before_it, ' of the row before'
    ) as message
    from (
        select
            *,
            lag({{ column }}) over (partition by {{ group_by | join(', ') }} order by {{ order_by }}) as before_it
        from {{ relation }}
    ) as ordered
    where {{ column }} < before_it
{% endmacro %}


{#- True when the percentage, of two decimals, is 100 * part / whole rounded half-up: multiplied out, as nothing here may divide. -#}
{% macro is_percentage(percentage, part, whole) -%}
    (
        (cast({{ percentage }} as decimal(18, 3)) - cast(0.005 as decimal(18, 3))) * ({{ whole }}) <= 100 * ({{ part }})
        and (cast({{ percentage }} as decimal(18, 3)) + cast(0.005 as decimal(18, 3))) * ({{ whole }}) > 100 * ({{ part }})
    )
{%- endmacro %}


{#- The cells of the columns as one text, a blank one as a dash. -#}
{% macro as_line(columns) -%}
    concat_ws('|', {% for column in columns %}coalesce(cast({{ column }} as string), '-'){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
