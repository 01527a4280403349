{#-
    The made-up rows of a unit test as one list of values. dbt writes a union of selects, one for each row, which Spark
    resolves and optimizes branch by branch; a list is one relation at once. A fixture has all columns of what it stands
    for, null where a row does not say.
-#}
{% macro get_fixture_sql(rows, column_name_to_data_types) -%}
    {%- set types = {} -%}
    {%- for column in adapter.get_columns_in_relation(this) -%}
        {%- do types.update({column.name | lower: column.data_type}) -%}
    {%- endfor -%}
    {%- if rows and types -%}
        {{ listed_rows(rows, types, types.keys() | list) }}
    {%- else -%}
        {{ dbt.get_fixture_sql(rows, column_name_to_data_types) }}
    {%- endif -%}
{%- endmacro %}


{#- … and what is expected of them, in the columns that each row names. -#}
{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) -%}
    {%- for row in rows if row.keys() | sort != rows[0].keys() | sort -%}
        {{ exceptions.raise_compiler_error(
            'All rows that a unit test expects name the same columns: ' ~ row.keys() | join(', ')
            ~ ' are not ' ~ rows[0].keys() | join(', ')
        ) }}
    {%- endfor -%}
    {%- if rows -%}
        {{ listed_rows(rows, column_name_to_data_types, rows[0].keys() | map('lower') | list) }}
    {%- else -%}
        {{ dbt.get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) }}
    {%- endif -%}
{%- endmacro %}


{% macro listed_rows(rows, types, columns) -%}
    select * from (
        values
        {%- for row in rows %}
            {%- set cells = format_row(row, types) %}
            (
                {%- for column in columns -%}
                    {{ cells[column] if column in cells else safe_cast('null', types[column]) }}{{ ', ' if not loop.last }}
                {%- endfor -%}
            ){{ ',' if not loop.last }}
        {%- endfor %}
    ) as listed ({{ columns | join(', ') }})
{%- endmacro %}
