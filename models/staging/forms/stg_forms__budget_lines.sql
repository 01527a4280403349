{%- for table in tables_of(['form_budget']) %}
    select
        document_id,
        table_id,
        row_no,
        source_line,
        agency_name,
        cast(fiscal_year as integer) as fiscal_year,
        {{ roman_quarter('quarter') }} as quarter,
        line_name,
        {{ rupiah_cell(table.name, 'ceiling') }} as ceiling_rupiah,
        {{ rupiah_cell(table.name, 'realization') }} as realization_rupiah,
        realization_pct as realization_pct_printed,
        {{ number_cell(table.name, 'realization_pct') }} as realization_pct
    from {{ table.relation }}
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
