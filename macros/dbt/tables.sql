{#-
    Tables of models and seeds, each made by one statement with its comments: dbt-duckdb would build a table beside the
    old one, rename both, drop one and then comment, and every statement costs dbt more than it costs DuckDB.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- do drop_another_kind(target_relation) -%}
    {%- set contract = config.get('contract') -%}
    {%- if contract.enforced -%}{%- do get_assert_columns_equivalent(compiled_code) -%}{%- endif -%}
    {%- call statement('main') -%}
        create or replace table {{ target_relation }} as
        {{ get_select_subquery(compiled_code) if contract.enforced else compiled_code }};
        {{ comments_on(target_relation) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#-
    Seeds, loaded by the engine itself with the columns and types that their properties declare: dbt would read each
    file into Python first and guess, and dbt-duckdb would let DuckDB guess the dialect. Where Parquet stands in for a
    seed (parquet_seeds.sql) it is a view when it is raw, else a table.
-#}
{% materialization seed, adapter='duckdb' %}
    {%- set glob = parquet_glob(model.name) -%}
    {%- set kind = 'view' if glob and model.config.schema == 'raw' else 'table' -%}
    {%- set target_relation = this.incorporate(type=kind) -%}
    {{ run_hooks(pre_hooks) }}
    {%- do drop_another_kind(target_relation) -%}
    {%- call statement('main') -%}
        create or replace {{ kind }} {{ target_relation }} as
        from {{ parquet_relation(glob) if glob else csv_relation(model) }};
        {{ comments_on(target_relation) }}
    {%- endcall -%}
    {#- dbt asks every seed for the rows that it read; here it read none. -#}
    {%- do store_result('agate_table', response='OK') -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- A view cannot be replaced by a table, nor a table by a view. -#}
{% macro drop_another_kind(relation) %}
    {%- set before = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
    {%- if before is not none and before.type != relation.type -%}{%- do adapter.drop_relation(before) -%}{%- endif -%}
{% endmacro %}


{#- Statements that write the descriptions of a node and its columns into the database, as `persist_docs` asks. -#}
{% macro comments_on(relation) %}
    {%- if config.persist_relation_docs() and model.description -%}
        {{ alter_relation_comment(relation, model.description) }}
    {%- endif -%}
    {%- if config.persist_column_docs() -%}
        {%- for column in model.columns.values() if column.description %}
            comment on column {{ relation }}.{{ column.name }} is {{ duckdb_escape_comment(column.description) }};
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


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
