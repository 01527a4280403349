{#-
    Seeds, loaded by the engine itself with the columns and types that their properties declare: dbt would read each
    file into Python first and guess, and dbt-duckdb would let DuckDB guess the dialect. Where Parquet stands in for a
    seed (parquet_seeds.sql) it is a view when it is raw, else a table.
-#}
{% materialization seed, adapter='duckdb' %}
    {%- set glob = parquet_glob(model.name) -%}
    {%- set kind = 'view' if glob and model.config.schema == 'raw' else 'table' -%}
    {%- set target_relation = this.incorporate(type=kind) -%}
    {%- set before = adapter.get_relation(this.database, this.schema, this.identifier) -%}
    {{ run_hooks(pre_hooks) }}
    {%- if before is not none and before.type != kind -%}{%- do adapter.drop_relation(before) -%}{%- endif -%}
    {%- call statement('main') -%}
        create or replace {{ kind }} {{ target_relation }} as
        from {{ parquet_relation(glob) if glob else csv_relation(model) }}
    {%- endcall -%}
    {#- dbt asks every seed for the rows that it read; here it read none. -#}
    {%- do store_result('agate_table', response='OK') -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- Column → type of a seed, as its properties declare them, in the order of the file. -#}
{% macro declared_types(seed) %}
    {%- set types = {} -%}
    {%- for column in seed.columns.values() -%}{%- do types.update({column.name: column.data_type}) -%}{%- endfor -%}
    {{ return(types) }}
{% endmacro %}


{#- The CSV of a seed as a relation of its declared columns and types, with more of `read_csv`'s options. DuckDB only. -#}
{% macro csv_relation(seed, options=none) %}
    {%- set columns = [] -%}
    {%- for column, type in declared_types(seed).items() -%}{%- do columns.append("'" ~ column ~ "': '" ~ type ~ "'") -%}{%- endfor -%}
    {{ return(
        "read_csv('" ~ adapter.get_seed_file_path(seed) ~ "', auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        ~ 'columns = {' ~ columns | join(', ') ~ '}' ~ (', ' ~ options if options else '') ~ ')'
    ) }}
{% endmacro %}
