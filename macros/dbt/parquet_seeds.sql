{#-
    Parquet in place of seeds. With `--vars 'parquet_seeds: FOLDER'`, a seed that has files FOLDER/<seed>/*.parquet
    becomes a view over them, or a table when it is reference: that is short, and read by many models. The other seeds
    are loaded from their CSV as always. Models do not notice.
    Columns, their order and their types must be those that the seed's properties declare (checked before loading).
-#}

{#- The files that stand in for the seed, as a glob; none when there are none. -#}
{% macro parquet_glob(seed_name) %}
    {%- set folder = var('parquet_seeds', none) -%}
    {%- if folder -%}
        {%- set glob = folder ~ '/' ~ seed_name ~ '/*.parquet' -%}
        {%- if run_query(any_file_sql(glob)).rows | length -%}
            {{ return(glob) }}
        {%- endif -%}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{#- Stops the run with one message before a folder that stands in for no seed at all. -#}
{% macro check_parquet_folder() %}
    {%- if var('parquet_seeds', none) and flags.WHICH in ['build', 'seed', 'run'] -%}
        {%- set seeds = graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') | map(attribute='name') | list -%}
        {%- set found = [] -%}
        {%- for seed in seeds -%}
            {%- if not found and parquet_glob(seed) -%}{%- do found.append(seed) -%}{%- endif -%}
        {%- endfor -%}
        {%- if not found -%}
            {{ exceptions.raise_compiler_error(
                'parquet_seeds: ' ~ var('parquet_seeds') ~ ' holds no Parquet of any seed; expected files as '
                ~ var('parquet_seeds') ~ '/' ~ seeds | first ~ '/*.parquet'
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- Those that `--select` leaves. -#}
{% macro seeds_of_this_run() %}
    {{ return(
        graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') | selectattr('unique_id', 'in', selected_resources) | list
    ) }}
{% endmacro %}


{#- What a seed will hold, before it is loaded. DuckDB only. -#}
{% macro seed_file_relation(seed_name) %}
    {%- set glob = parquet_glob(seed_name) -%}
    {{ return(parquet_relation(glob) if glob else "read_csv('" ~ adapter.get_seed_file_path(seed_named(seed_name)) ~ "', header = true, all_varchar = true)") }}
{% endmacro %}


{#- What the engine finds in the files is what the properties declare; else one message that names folder and column. -#}
{% macro check_parquet_columns(seed, glob) %}
    {% set found = [] %}
    {% for row in run_query('describe select * from ' ~ parquet_relation(glob)).rows %}
        {% do found.append(row[0] ~ ' ' ~ row[1] | lower) %}
    {% endfor %}
    {% set expected = [] %}
    {# DuckDB says varchar for string, and Spark int for integer. #}
    {% set said = {'duckdb': ('string', 'varchar'), 'spark': ('integer', 'int')}[target.type] %}
    {% for column, type in declared_types(seed).items() %}
        {% do expected.append(column ~ ' ' ~ type | replace(', ', ',') | replace(said[0], said[1])) %}
    {% endfor %}
    {% if found != expected %}
        {{ exceptions.raise_compiler_error(
            glob ~ ': columns must be ' ~ expected | join(', ') ~ '; found ' ~ found | join(', ')
        ) }}
    {% endif %}
{% endmacro %}
