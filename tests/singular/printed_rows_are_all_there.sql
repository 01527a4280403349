-- As many rows per document and printed table as registered: a lost row is caught, and so is a lost document.
{%- for table in tables_of(var('printed_tables').keys()) %}
    {{ tables_with_wrong_row_count(table.relation, table.name, ref('expected_rows')) }}
    {{ 'union all' if not loop.last }}
{%- endfor %}
