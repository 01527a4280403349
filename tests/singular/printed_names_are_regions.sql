-- Every name of a government that a table prints, as its declaration says, is in region_names.
{%- set names = [] -%}
{%- for table in tables_of(var('printed_tables').keys()) -%}
    {%- for column in columns_holding(table, ['region', 'addressee']) -%}
        {%- set place = place_of(table.relation) -%}
        {%- do names.append(rows_with_unknown_name(table.relation, column.name, ref('region_names'), place)) -%}
    {%- endfor -%}
{%- endfor %}
{{ names | join(' union all ') or "select 'no table' as message from " ~ ref('region_names') ~ ' where false' }}
