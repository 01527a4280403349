{%- for table in tables_of(['form_targets']) %}
    select
        document_id,
        table_id,
        row_no,
        source_line,
        agency_name,
        cast(fiscal_year as integer) as fiscal_year,
        {{ roman_quarter('quarter') }} as quarter,
        objective,
        indicator as indicator_name,
        target as target_printed,
        {{ number_cell(table.name, 'target', words=true) }} as target,
        realization as realization_printed,
        {{ number_cell(table.name, 'realization', words=true) }} as realization,
        achievement_pct as achievement_pct_printed,
        {{ number_cell(table.name, 'achievement_pct') }} as achievement_pct,
        remark as remark_code
    from {{ corrected(table) }}
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
