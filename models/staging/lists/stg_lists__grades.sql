{%- set selects = [] -%}
{%- for table in tables_of(['numbered_list', 'year_columns']) -%}
    {%- set is_by_year = table.kind == 'year_columns' -%}
    {%- for column in columns_holding(table, ['grade', 'score_or_grade']) -%}
        {%- set select %}
    select
        document_id,
        table_id,
        row_no,
        {{ 'cast(edition_year as string)' if is_by_year else "'" ~ column.name ~ "'" }} as column_name,
        source_line,
        {{ name_column(table) }} as printed_name,
        {{ 'cast(edition_year as integer)' if is_by_year else 'cast(null as integer)' }} as edition_year,
        '{{ column.meta.of }}' as component_code,
        '{{ column.meta.get('figure', 'grade') }}' as figure_code,
        {{ column.name }} as grade_printed
    from {{ table.relation }}
    {#- In a table by year, the row without a weight holds letters. #}
    where {{ 'weight is null' if is_by_year else near_documents('document_id') }}
        {%- endset -%}
        {%- do selects.append(select) -%}
    {%- endfor -%}
{%- endfor -%}

with printed as (
    {{- selects | join('\n    union all') }}
)

select
    *,
    case when grade_printed not in (select words.printed_text from {{ ref('printed_words') }} as words) then grade_printed end
        as grade
from printed
