{%- set lists = tables_of(['addressees', 'numbered_list']) -%}

{%- for table in lists %}
    select
        document_id,
        table_id,
        row_no,
        source_line,
        '{{ table.kind }}' as list_kind,
        {{ name_column(table) }} as printed_name,
        -- A row of a list of results; other lists say more of the same governments.
        {{ 'true' if table.meta.evaluated_by else 'false' }} as is_result,
        {%- if table.meta.evaluated_by %}
            {{ score_cell(table.name, table.meta.evaluated_by) }} is not null as is_evaluated,
        {%- else %}
            false as is_evaluated,
        {%- endif %}
        {{ 'true' if table.meta.is_national else 'false' }} as is_national,
        {%- if table.meta.all_tables %}
            '{{ table.meta.all_tables.table_id }}' as all_tables_id
        {%- else %}
            cast(null as string) as all_tables_id
        {%- endif %}
    from {{ corrected(table) }}
    where {{ near_documents('document_id') }}
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
