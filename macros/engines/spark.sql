{#-
    What Spark needs before the first statement. dbt-spark switches ANSI mode off for every session; then a cast that
    fails and a decimal that does not fit would be null. Here they stop the build, as they do on DuckDB.
-#}
{% macro prepare_engine() %}
    {% if execute and target.type == 'spark' %}
        {% do adapter.config.credentials.server_side_parameters.update({'spark.sql.ansi.enabled': 'true'}) %}
    {% endif %}
{% endmacro %}


{#-
    Seeds: Spark reads the CSV itself, each cell as text. A heading, a line or a value that is not as declared stops the
    load with one message. The path must be one that the workers see.
-#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {% if parquet_glob(model.name) %}{{ return('') }}{% endif %}
    {% set file = model.original_file_path %}
    {% set types = declared_types(model) %}
    {% if agate_table.column_names | list != types.keys() | list %}
        {{ exceptions.raise_compiler_error(
            file ~ ': the first line must be "' ~ types.keys() | join(',') ~ '", not "' ~ agate_table.column_names | join(',') ~ '"'
        ) }}
    {% endif %}
    {% set view = 'seed_' ~ model.name %}
    {% do run_query(
        "create or replace temporary view " ~ view ~ " (" ~ types.keys() | join(' string, ') ~ " string, broken_line string)"
        ~ " using csv options (path '" ~ file ~ "', header 'true', escape '\"', multiLine 'true', encoding 'UTF-8',"
        ~ " columnNameOfCorruptRecord 'broken_line')"
    ) %}
    {% set sql %}
        insert into {{ this.render() }}
        select
            {%- for column, type in types.items() %}
            case
                {%- if loop.first %}
                when broken_line is not null
                    then raise_error(concat('{{ file }}: not {{ types | length }} cells in the line: ', broken_line))
                {%- endif %}
                when {{ column }} is not null and try_cast({{ column }} as {{ type }}) is null
                    then raise_error(concat('{{ file }}: column {{ column }}: "', {{ column }}, '" is not {{ type }}'))
                else cast({{ column }} as {{ type }})
            end{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ view }}
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}


{#- The table of a seed; over Parquet, a view. -#}
{% macro spark__create_csv_table(model, agate_table) %}
    {% set glob = parquet_glob(model.name) %}
    {% if glob %}
        {% set sql = 'create or replace view ' ~ this.render() ~ ' as select * from ' ~ parquet_relation(glob) %}
    {% else %}
        {% set columns = [] %}
        {% for column, type in declared_types(model).items() %}{% do columns.append(column ~ ' ' ~ type) %}{% endfor %}
        {% set sql = 'create table ' ~ this.render() ~ ' (' ~ columns | join(', ') ~ ') ' ~ comment_clause() %}
    {% endif %}
    {% do run_query(sql) %}
    {{ return(sql) }}
{% endmacro %}


{#- One row when any file is there. Spark stops where there is none at all, so that the folder is one that exists. -#}
{% macro any_file_sql(glob) %}
    {{ return(adapter.dispatch('any_file_sql')(glob)) }}
{% endmacro %}

{% macro default__any_file_sql(glob) %}
    {{ return("select 1 from glob('" ~ glob ~ "') limit 1") }}
{% endmacro %}

{% macro spark__any_file_sql(glob) %}
    {% set parts = glob.rsplit('/', 2) %}
    {{ return(
        "select path from binaryFile.`" ~ parts[0] ~ "/*/*.parquet` where path like '%/" ~ parts[1] ~ "/%.parquet' limit 1"
    ) }}
{% endmacro %}


{#- The Parquet files of a glob as a relation. -#}
{% macro parquet_relation(glob) %}
    {{ return(adapter.dispatch('parquet_relation')(glob)) }}
{% endmacro %}

{% macro default__parquet_relation(glob) %}
    {{ return("read_parquet('" ~ glob ~ "')") }}
{% endmacro %}

{% macro spark__parquet_relation(glob) %}
    {{ return('parquet.`' ~ glob ~ '`') }}
{% endmacro %}
