{%- set selects = [] -%}

{#- Lists print a row per government and a column per component. -#}
{%- for table in tables_of(['numbered_list']) -%}
    {%- set scores = columns_holding(table, ['score']) | map(attribute='name') | list -%}
    {%- set total = table.meta.evaluated_by -%}
    {%- for column in columns_holding(table, ['score']) -%}
        {%- set select %}
select
    document_id,
    table_id,
    row_no,
    '{{ column.name }}' as column_name,
    source_line,
    {{ name_column(table) }} as printed_name,
    cast(null as integer) as edition_year,
    '{{ column.meta.component }}' as component_code,
    cast(null as integer) as component_order,
    {%- if column.name == total and scores[0] != total %}
    -- A word in the first score of a row without a total stands for the whole row.
    case when {{ total }} is null and {{ score_cell(table.name, scores[0]) }} is null then {{ scores[0] }} else {{ total }} end
        as score_printed,
    {%- else %}
    {{ column.name }} as score_printed,
    {%- endif %}
    {{ score_cell(table.name, column.name) }} as score,
    {{ score_cell(table.name, total) ~ ' is not null' if total else 'true' }} as is_evaluated,
    {{ 'true' if column.name == table.meta.descending_by else 'false' }} as is_list_order
from {{ table.relation }}
where
    {{ near_documents('document_id') }}
    {%- if total and column.name != total %}
    and ({{ total }} is not null or {{ score_cell(table.name, column.name) }} is not null)
    {%- endif %}
        {%- endset -%}
        {%- do selects.append(select) -%}
    {%- endfor -%}
{%- endfor -%}

{#- A table of one government has a row per component and a column per year: lettered rows are the components in their
    order, the row with a weight and no letter is the total. -#}
{%- for table in tables_of(['year_columns']) -%}
    {%- set value = columns_holding(table, ['score_or_grade']) | map(attribute='name') | first -%}
    {%- set select %}
select
    document_id,
    table_id,
    row_no,
    cast(edition_year as string) as column_name,
    source_line,
    {{ name_column(table) }} as printed_name,
    cast(edition_year as integer) as edition_year,
    cast(null as string) as component_code,
    coalesce(ascii(letter) - ascii('a') + 1, 0) as component_order,
    {{ value }} as score_printed,
    {{ score_cell(table.name, value) }} as score,
    max(case when letter is null then {{ score_cell(table.name, value) }} end) over (partition by document_id, edition_year)
    is not null as is_evaluated,
    false as is_list_order
from {{ table.relation }}
where weight is not null
    {%- endset -%}
    {%- do selects.append(select) -%}
{%- endfor -%}

{{ selects | join('\nunion all\n') }}
