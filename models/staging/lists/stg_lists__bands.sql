{%- for table in tables_of(['bands']) %}
    {%- set range = columns_holding(table, ['range']) | map(attribute='name') | first %}
    select
        document_id,
        table_id,
        row_no,
        source_line,
        '{{ range }}' as column_name,
        {{ range }} as range_printed,
        {{ number_cell(table.name, 'lower_text') }} as lower_bound,
        {{ number_cell(table.name, 'upper_text') }} as upper_bound,
        {{ columns_holding(table, ['grade']) | map(attribute='name') | first }} as grade
    from (
        select
            *,
            split_part({{ range }}, '-', 1) as lower_text,
            split_part({{ range }}, '-', 2) as upper_text
        from {{ corrected(table) }}
    ) as bands
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
