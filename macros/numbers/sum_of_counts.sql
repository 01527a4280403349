{#- Aggregate: how many cells of the columns are filled. -#}
{% macro sum_of_counts(columns) -%}
    {%- for column in columns -%}count({{ column }}){{ ' + ' if not loop.last }}{%- endfor -%}
{%- endmacro %}
