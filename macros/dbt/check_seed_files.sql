{#-
    Before anything is loaded: every seed file of this run is UTF-8, has exactly the columns that its properties declare,
    in that order, no line with more or fewer cells and no cell of another type; or, where Parquet stands in for it, has
    those columns and types.
    Stops the run with a message that names the file and what differs.
-#}
{% macro check_seed_files() %}
    {% if execute and flags.WHICH in ['build', 'seed'] %}
        {% set seeds = [] %}
        {% for seed in seeds_of_this_run() %}
            {% set glob = parquet_glob(seed.name) %}
            {% if glob %}
                {% do check_parquet_columns(seed, glob) %}
            {% elif target.type == 'duckdb' %}
                {# Spark looks while it loads: macros/engines/spark.sql. #}
                {% do seeds.append(seed) %}
            {% endif %}
        {% endfor %}
        {% if seeds %}{% do check_csv_files(seeds) %}{% endif %}
    {% endif %}
{% endmacro %}


{#- What is said first explains what would follow: another encoding, then another heading, then broken lines. -#}
{% macro check_csv_files(seeds) %}
    {% set broken_lines = first_broken_lines(seeds) %}
    {% do name_broken_line(seeds, broken_lines | selectattr('error_type', 'equalto', 'INVALID ENCODING')) %}
    {% for seed in seeds %}{% do check_first_line(seed) %}{% endfor %}
    {% do name_broken_line(seeds, broken_lines) %}
{% endmacro %}


{#-
    The first line of each seed that DuckDB cannot read as declared. One text of statements, as what DuckDB notes of such
    lines lasts as long as its connection, and dbt 2 opens one for each text.
-#}
{% macro first_broken_lines(seeds) %}
    {% set statements = [] %}
    {% for seed in seeds %}
        {# To the end of the file, and column by column: a column that is not asked for is not looked at. #}
        {% do statements.append('select count(columns(*)) from ' ~ csv_relation(seed, 'store_rejects = true, rejects_limit = 1')) %}
    {% endfor %}
    {% do statements.append(
        "select file_path, line, error_type, column_name, left(split_part(csv_line, chr(10), 1), 200) as printed, error_message"
        ~ " from reject_errors join reject_scans using (scan_id, file_id) order by file_path, line"
    ) %}
    {{ return(run_query(statements | join(';\n')).rows | list) }}
{% endmacro %}


{% macro check_first_line(seed) %}
    {% set path = adapter.get_seed_file_path(seed) %}
    {% set expected = declared_types(seed).keys() | list %}
    {# Without the mark that Excel puts before UTF-8. #}
    {% set first_line = run_query("select trim(split_part(content, chr(10), 1), chr(13)) from read_text('" ~ path ~ "')")
        .columns[0].values() | first | replace('\ufeff', '') %}
    {% set printed = first_line.split(',') %}
    {% if printed != expected %}
        {% set missing = expected | reject('in', printed) | join(', ') %}
        {% set unknown = printed | reject('in', expected) | join(', ') %}
        {{ exceptions.raise_compiler_error(
            seed.original_file_path ~ ': the first line must be "' ~ expected | join(',') ~ '"'
            ~ ('; missing column: ' ~ missing if missing else '')
            ~ ('; unknown column: ' ~ unknown if unknown else '')
            ~ ('; the order differs' if not missing and not unknown else '')
        ) }}
    {% endif %}
{% endmacro %}


{#- Stops the run with the first of the lines, if there is one. -#}
{% macro name_broken_line(seeds, broken_lines) %}
    {% for line in broken_lines %}
        {% for seed in seeds if adapter.get_seed_file_path(seed) == line['file_path'] %}
            {% set cells = 'must have ' ~ seed.columns | length ~ ' cells' %}
            {% set expected = {
                'INVALID ENCODING': 'is not UTF-8; save the file as UTF-8',
                'TOO MANY COLUMNS': cells,
                'MISSING COLUMNS': cells,
                'UNQUOTED VALUE': 'has a quotation mark that is not closed, or text after a closed one',
                'CAST': 'must have ' ~ declared_types(seed).get(line['column_name']) ~ ' in column ' ~ line['column_name'],
            }.get(line['error_type'], line['error_message']) %}
            {{ exceptions.raise_compiler_error(
                seed.original_file_path ~ ', line ' ~ line['line'] ~ ': "' ~ line['printed'] ~ '" ' ~ expected
            ) }}
        {% endfor %}
    {% endfor %}
{% endmacro %}
