{#-
    Before anything is loaded: every seed file of this run has exactly the columns that its properties declare, in that
    order, is UTF-8 and has no line with more or fewer cells; or, where Parquet stands in for it, has those columns and
    types.
    Stops the run with a message that names the file and what differs.
-#}
{% macro check_seed_files() %}
    {% if execute and flags.WHICH in ['build', 'seed'] %}
        {% for seed in seeds_of_this_run() %}
            {% set glob = parquet_glob(seed.name) %}
            {% if glob %}
                {% do check_parquet_columns(seed, glob) %}
            {% elif target.type == 'duckdb' %}
                {# Spark looks while it loads: macros/engines/spark.sql. #}
                {% do check_csv_file(seed) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{% macro check_csv_file(seed) %}
    {% set path = adapter.get_seed_file_path(seed) %}
    {% set expected = declared_types(seed).keys() | list %}
    {% set csv = "read_csv('" ~ path ~ "', auto_detect = false, all_varchar = true, delim = ',', quote = '\"', escape = '\"'" %}
    {% set first_line = run_query("select trim(line, chr(13)) from read_csv('" ~ path ~ "', auto_detect = false, header = false, delim = chr(1), quote = '', escape = '', columns = {'line': 'varchar'}) limit 1").columns[0].values() | first %}
    {% set printed = (first_line or '').split(',') %}
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
    {% set columns = [] %}
    {% for column in expected %}{% do columns.append("'" ~ column ~ "': 'varchar'") %}{% endfor %}
    {# Reads the file to its end: a wrong encoding or a broken line is DuckDB's own error, with file and line. #}
    {% do run_query('select count(*) from ' ~ csv ~ ', header = true, columns = {' ~ columns | join(', ') ~ '})') %}
{% endmacro %}
