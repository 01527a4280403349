{#-
    Cells that were read wrongly, as they truly are (seeds/reference/corrections.csv). Raw seeds keep what was read, so a
    new ingest changes nothing; the staging models read a table through `corrected`. A correction holds for one row and
    only where what it calls printed stands there; tests/singular/corrections_still_apply.sql fails for any other.
-#}

{#- The relation of a printed table with its corrected cells: itself, if it has none. While parsing, itself. -#}
{% macro corrected(table) %}
    {%- set corrections = corrections_of(table.name) -%}
    {%- if not corrections -%}{{ return(table.relation) }}{%- endif -%}
    {%- set cells = [] -%}
    {%- for column in table.columns -%}
        {%- set changes = [] -%}
        {%- for one in corrections if one.column_name == column.name -%}
            {%- do changes.append(
                'when ' ~ condition_of(one) ~ ' and ' ~ still_printed(one) ~ ' then '
                ~ (literal_text(one.correct) if one.correct else 'null')
            ) -%}
        {%- endfor -%}
        {%- do cells.append('case ' ~ changes | join(' ') ~ ' else ' ~ column.name ~ ' end as ' ~ column.name if changes else column.name) -%}
    {%- endfor -%}
    {{ return('(select ' ~ cells | join(', ') ~ ' from ' ~ table.relation ~ ')') }}
{% endmacro %}


{#- The corrections of a printed table, or of all. None while parsing, and before the seed is loaded. -#}
{% macro corrections_of(seed_name=none) %}
    {%- set relation = ref('corrections') -%}
    {#- In a unit test it has no schema. -#}
    {%- if not execute or flags.WHICH not in ['build', 'run', 'test'] or not relation.schema or load_relation(relation) is none -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for row in run_query(
        'select seed_name, document_id, table_id, raw_row, column_name, printed, correct from ' ~ relation
        ~ (' where seed_name = ' ~ literal_text(seed_name) if seed_name else '') ~ ' order by 1, 2, 3, 4, 5'
    ).rows -%}
        {%- do found.append({
            'seed_name': row[0], 'document_id': row[1], 'table_id': row[2], 'raw_row': row[3], 'column_name': row[4],
            'printed': row[5], 'correct': row[6],
        }) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#- The row of a correction: its document, its table, and `column=value` for what orders its rows, with `;` between. -#}
{% macro condition_of(correction) %}
    {%- set conditions = ['document_id = ' ~ literal_text(correction.document_id), 'table_id = ' ~ literal_text(correction.table_id)] -%}
    {%- for part in correction.raw_row.split(';') -%}
        {%- set name, _, value = part.partition('=') -%}
        {%- if not value or modules.re.fullmatch('[a-z_]+', name) is none -%}
            {{ exceptions.raise_compiler_error('seeds/reference/corrections.csv: raw_row "' ~ correction.raw_row ~ '" is not of the form row_no=5') }}
        {%- endif -%}
        {%- do conditions.append(name ~ ' = ' ~ literal_text(value)) -%}
    {%- endfor -%}
    {{ return(conditions | join(' and ')) }}
{% endmacro %}


{#- Whether the cell of a correction is still what the correction calls printed. -#}
{% macro still_printed(correction) %}
    {{ return('coalesce(' ~ correction.column_name ~ ", '') = " ~ literal_text(correction.printed or '')) }}
{% endmacro %}


{% macro literal_text(text) %}
    {{ return("'" ~ text | replace("'", "''") ~ "'") }}
{% endmacro %}
