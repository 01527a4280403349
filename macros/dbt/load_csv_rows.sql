{#- dbt-duckdb lets DuckDB guess the dialect of a seed's CSV; ours is fixed, so that no file is ever misread. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% if parquet_glob(model.name) %}{{ return('') }}{% endif %}
    {% set sql %}
        copy {{ this.render() }} from '{{ adapter.get_seed_file_path(model) }}'
        (format csv, auto_detect false, header true, delimiter ',', quote '"', escape '"')
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
