{#- What stands in four columns side by side, one for each quarter (column_1 to column_4), in this one. -#}
{% macro in_quarter(column, quarter) -%}
    case {{ quarter }}
        {%- for number in range(1, 5) %} when {{ number }} then {{ column }}_{{ number }}{% endfor %} end
{%- endmacro %}
