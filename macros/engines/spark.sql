{#-
    What Spark needs before the first statement. dbt-spark switches ANSI mode off for every session; then a cast that
    fails and a decimal that does not fit would be null. Here they stop the build, as they do on DuckDB.
-#}
{% macro prepare_engine() %}
    {% if execute and target.type == 'spark' %}
        {% do adapter.config.credentials.server_side_parameters.update({'spark.sql.ansi.enabled': 'true'}) %}
    {% endif %}
{% endmacro %}


{#- Seeds: Spark reads the CSV itself. A header, a line or a value that is not as declared stops the load. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {% set columns = [] %}
    {% for name, type in model.config.column_types.items() %}{% do columns.append(name ~ ' ' ~ type) %}{% endfor %}
    {% set view = 'seed_' ~ model.name %}
    {% do run_query(
        "create or replace temporary view " ~ view ~ " (" ~ columns | join(', ') ~ ") using csv options ("
        ~ "path '" ~ model.original_file_path ~ "', header 'true', enforceSchema 'false', mode 'FAILFAST', "
        ~ "escape '\"', multiLine 'true', encoding 'UTF-8')"
    ) %}
    {% set sql = 'insert into ' ~ this.render() ~ ' select * from ' ~ view %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
