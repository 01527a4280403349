{%- for table in tables_of(['page_blocks']) %}
    select
        document_id,
        table_id,
        block_no,
        row_no,
        column_no,
        source_line,
        region_name as printed_name,
        value as score_printed,
        {{ score_cell(table.name, 'value') }} as score
    from {{ corrected(table) }}
    where {{ near_documents('document_id') }}
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
