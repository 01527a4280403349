-- A correction is of one cell that is still printed as it says: one that is not (a reprint, another reading, a document
-- that was removed) stops the build.
{%- set tables = tables_of(var('printed_tables').keys()) %}
{%- for one in corrections_of() %}
    {%- set table = tables | selectattr('name', 'equalto', one.seed_name) | first %}
    {%- if not table or one.column_name not in table.columns | map(attribute='name') %}
        {{ exceptions.raise_compiler_error(
            'seeds/reference/corrections.csv: ' ~ one.seed_name ~ ', ' ~ one.column_name ~ ' is no column of a printed table'
        ) }}
    {%- endif %}
    select
        concat(
            'seeds/reference/corrections.csv: {{ one.document_id }}, {{ one.table_id }}, {{ one.raw_row }}, {{ one.column_name }} is no longer ',
            {{ literal_text('"' ~ (one.printed or '') ~ '"') }}, ' (', count(*), ' such cells); correct it or take it out'
        ) as message
    from {{ table.relation }}
    where
        {{ condition_of(one) }}
        and {{ still_printed(one) }}
    having count(*) != 1
    {{ 'union all' if not loop.last }}
{%- else %}
    select cast(null as string) as message
    where false
{%- endfor %}
