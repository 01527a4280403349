{#-
    One more document without building the others anew: with `--vars '{parquet_seeds: FOLDER, documents: [DOCUMENT]}'`,
    the tables of the index stream keep their rows and replace those of the documents named. What an index document
    prints is reckoned from that document alone, so the rows are those of a full build; the budget stream, where a form is
    numbered with the others of its year, is built whole. In any other run the condition is true.
-#}
{% macro in_documents(document_id) -%}
    {%- if var('documents', none) and is_incremental() -%}
        {{ document_id }} in ('{{ var('documents') | join("', '") }}')
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{#-
    For the views between the printed cells and those tables: DuckDB does not carry a condition on a table through the
    joins and sums below it, so a table that is built by document (`replace_documents`) tells its session between which
    documents these lie, and the views read no others. In any other session they read all.
    Views of a build of all documents are without the condition, which would mislead DuckDB about how many rows they have.
-#}
{% macro near_documents(document_id) -%}
    {%- if var('documents', none) -%}
        {{ document_id }} between coalesce(getvariable('first_document'), '') and coalesce(getvariable('last_document'), '~')
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{#-
    Before a table that is built by document: the rows of these go, as dbt replaces only what a document still has, in
    the transaction that brings the new ones. dbt opens a session for each table, so no other is narrowed.
-#}
{% macro replace_documents() -%}
    {%- if var('documents', none) and is_incremental() -%}
        delete from {{ this }} where {{ in_documents('document_id') }};
        set variable first_document = '{{ var('documents') | min }}';
        set variable last_document = '{{ var('documents') | max }}';
    {%- endif -%}
{%- endmacro %}


{#-
    Stops the run with one message before a name that is not a document_id of the register, or an engine that cannot
    replace rows.
-#}
{% macro check_documents() %}
    {%- if execute and var('documents', none) and flags.WHICH in ['build', 'run'] -%}
        {%- if target.type != 'duckdb' -%}
            {{ exceptions.raise_compiler_error('documents: rows of single documents are replaced on DuckDB only; build whole on ' ~ target.type) }}
        {%- endif -%}
        {%- if var('documents') is string -%}
            {{ exceptions.raise_compiler_error('documents: a list is expected, [' ~ var('documents') ~ ']') }}
        {%- endif -%}
        {%- set known = run_query(
            "select document_id from " ~ seed_file_relation('document_register')
            ~ " where document_id in ('" ~ var('documents') | map('replace', "'", "''") | join("', '") ~ "')"
        ).columns[0].values() -%}
        {%- for document in var('documents') if document not in known -%}
            {{ exceptions.raise_compiler_error('documents: "' ~ document ~ '" is not in document_register') }}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
