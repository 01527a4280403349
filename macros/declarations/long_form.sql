{#-
    Printed tables in the long form that all instruments share: a row per printed score, or grade. What a column holds is
    declared (printed_tables.sql); each macro gives the selects of one table, joined by `union all`.
-#}


{#- A row per government and score column. A word in the first score of a row without a total stands for the whole row. -#}
{% macro scores_of_list(table) %}
    {%- set scores = columns_holding(table, ['score']) -%}
    {%- set total = table.meta.evaluated_by -%}
    {%- for column in scores %}
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
            {%- if column.name == total and scores[0].name != total %}
            case
                when {{ total }} is null and {{ score_cell(table.name, scores[0].name) }} is null then {{ scores[0].name }}
                else {{ total }}
            end as score_printed,
            {%- else %}
            {{ column.name }} as score_printed,
            {%- endif %}
            {{ score_cell(table.name, column.name) }} as score,
            {{ score_cell(table.name, total) ~ ' is not null' if total else 'true' }} as is_evaluated,
            {{ 'true' if column.name == table.meta.descending_by else 'false' }} as is_list_order
        from {{ corrected(table) }}
        where
            {{ near_documents('document_id') }}
            {%- if total and column.name != total %}
            and ({{ total }} is not null or {{ score_cell(table.name, column.name) }} is not null)
            {%- endif %}
        {%- if not loop.last %}
        union all
        {%- endif %}
    {%- endfor %}
{% endmacro %}


{#- A row per component and year. Lettered rows are the components in their order, the row with a weight and no letter is
    the total. -#}
{% macro scores_by_year(table) %}
    {%- set value = columns_holding(table, ['score_or_grade']) | map(attribute='name') | first %}
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
            max(case when letter is null then {{ score_cell(table.name, value) }} end)
                over (partition by document_id, edition_year)
            is not null as is_evaluated,
            false as is_list_order
        from {{ corrected(table) }}
        where weight is not null
{% endmacro %}


{#- A row per government and grade column; in a table by year, the row without a weight. -#}
{% macro grades_of(table) %}
    {%- set is_by_year = table.kind == 'year_columns' -%}
    {%- for column in columns_holding(table, ['grade', 'score_or_grade']) %}
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
        from {{ corrected(table) }}
        where {{ 'weight is null' if is_by_year else near_documents('document_id') }}
        {%- if not loop.last %}
        union all
        {%- endif %}
    {%- endfor %}
{% endmacro %}


{#- A row per printed number of a form; amounts stand in the marts under names that say their unit. -#}
{% macro figures_of_form(table, stream) %}
    {%- for column in columns_holding(table, ['figure', 'amount', 'percentage']) %}
        {%- set figure = column.name ~ ('_rupiah' if column.meta.holds == 'amount' else '') %}
        select
            document_id,
            table_id,
            row_no,
            '{{ figure }}' as column_name,
            '{{ stream }}.{{ figure }}' as figure_kind
        from {{ corrected(table) }}
        where
            {{ column.name }} is not null
            and {{ column.name }} not in (select words.printed_text from {{ ref('printed_words') }} as words)
        {%- if not loop.last %}
        union all
        {%- endif %}
    {%- endfor %}
{% endmacro %}
