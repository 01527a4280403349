{#- True when a row of a reference seed with valid_from and valid_to (blank: still in force) holds in the year. -#}
{% macro holds_in(relation, year) -%}
    {{ year }} between {{ relation }}.valid_from and coalesce({{ relation }}.valid_to, 9999)
{%- endmacro %}
