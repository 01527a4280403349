{#- A sentence of a reference seed with its {names} replaced by columns of the same names. -#}
{% macro fill_template(template, columns) -%}
    {%- set filled = namespace(sql=template) -%}
    {%- for name, column in columns.items() -%}
        {%- set filled.sql = "replace(" ~ filled.sql ~ ", '{" ~ name ~ "}', coalesce(" ~ column ~ ", ''))" -%}
    {%- endfor -%}
    {{ filled.sql }}
{%- endmacro %}
