{#-
    One row per value of a column that is not one of those its properties allow: `leads_to: table.column` names where it
    must stand, `one_of: [...]` what it must be. All columns of the relations at once, as each alone takes dbt longer than
    the engine.
-#}
{% macro unknown_codes(relations) %}
    {%- set checks = [] -%}
    {%- for relation in relations -%}
        {%- set seed = seed_named(relation.identifier) if execute else {'columns': {}} -%}
        {%- for column in seed.columns.values() -%}
            {%- set meta = column.config.meta or {} -%}
            {%- if meta.leads_to -%}
                {%- set table, field = meta.leads_to.split('.') -%}
                {%- set found = 'select ' ~ field ~ ' from ' ~ relations | selectattr('identifier', 'equalto', table) | first -%}
                {%- do checks.append(values_outside(relation, column.name, found, 'in seeds/reference/' ~ table ~ '.csv, column ' ~ field)) -%}
            {%- elif meta.one_of -%}
                {%- set words = "'" ~ meta.one_of | join("', '") ~ "'" -%}
                {%- do checks.append(values_outside(relation, column.name, words, 'one of ' ~ meta.one_of | join(', '))) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for seed in (graph.nodes.values() if execute else []) if seed.resource_type == 'seed' and seed.name not in relations | map(attribute='identifier') -%}
        {%- for column in seed.columns.values() if (column.config.meta or {}).leads_to or (column.config.meta or {}).one_of -%}
            {%- do checks.append("select '" ~ seed.original_file_path ~ ' says what ' ~ column.name ~ " may hold; name it in tests/singular/codes_are_known.sql' as message") -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ checks | join(' union all ') or "select 'nothing' as message where false" }}
{% endmacro %}


{#- One row per value of the column outside `allowed` (values, or a query), with how many rows have it. -#}
{% macro values_outside(relation, column, allowed, expected) %}
    select concat_ws(
        '', '{{ place_of(relation) }}: column {{ column }}: "', checked.{{ column }}, '" (', count(*), ' row(s)) is not {{ expected }}'
    ) as message
    from {{ relation }} as checked
    where
        checked.{{ column }} is not null
        and checked.{{ column }} not in ({{ allowed }})
    group by checked.{{ column }}
{% endmacro %}
