select
    document_id,
    table_id,
    row_no,
    source_line,
    agency_name,
    cast(fiscal_year as integer) as fiscal_year,
    {{ roman_quarter('quarter') }} as quarter,
    line_name,
    {{ rupiah_cell('agency_performance__budget', 'ceiling') }} as ceiling_rupiah,
    {{ rupiah_cell('agency_performance__budget', 'realization') }} as realization_rupiah,
    realization_pct as realization_pct_printed,
    {{ number_cell('agency_performance__budget', 'realization_pct') }} as realization_pct
from {{ ref('agency_performance__budget') }}
