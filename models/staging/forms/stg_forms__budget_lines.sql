-- Amounts in rupiah, whatever unit the form prints: the document register knows how many rupiah one counts. Few forms
-- print another unit than rupiah, so that few documents are looked for.
{%- set tables = tables_of(['form_budget']) %}
with units as (
    select
        document_id,
        rupiah_per_unit
    from {{ ref('document_register') }}
    where rupiah_per_unit is not null
),

{% for table in tables %}
    lines_{{ loop.index }} as (
        select
            printed.*,
            coalesce(units.rupiah_per_unit, 1) as rupiah_per_unit
        from {{ corrected(table) }} as printed
        left join units on printed.document_id = units.document_id
    ){{ ',' if not loop.last }}
{% endfor %}

{% for table in tables %}
    select
        document_id,
        table_id,
        row_no,
        source_line,
        agency_name,
        cast(fiscal_year as integer) as fiscal_year,
        {{ roman_quarter('quarter') }} as quarter,
        line_name,
        {{ rupiah_cell(table.name, 'ceiling', 'rupiah_per_unit') }} as ceiling_rupiah,
        {{ rupiah_step('ceiling', 'rupiah_per_unit') }} as ceiling_step,
        {{ rupiah_cell(table.name, 'realization', 'rupiah_per_unit') }} as realization_rupiah,
        {{ rupiah_step('realization', 'rupiah_per_unit') }} as realization_step,
        realization_pct as realization_pct_printed,
        {{ number_cell(table.name, 'realization_pct') }} as realization_pct
    from lines_{{ loop.index }}
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
