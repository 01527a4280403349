{%- for table in tables_of(['page_block_headings']) %}
    select
        document_id,
        table_id,
        block_no,
        column_no,
        source_line,
        group_heading,
        heading
    from {{ corrected(table) }}
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
