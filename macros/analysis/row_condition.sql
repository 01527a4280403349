{#- The condition that finds one row of a mart, as text: its key columns with the values in these columns. -#}
{% macro row_condition(key) -%}
    concat_ws(
        ' and '
        {%- for column, value in key.items() %},
        concat('{{ column }} = ''', {{ value }}, '''')
        {%- endfor %}
    )
{%- endmacro %}
