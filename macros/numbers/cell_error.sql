{#- Stops the query with one message about one cell of a raw seed. Needs document_id, table_id, row_no in scope. -#}
{% macro cell_error(seed, column, expected) -%}
    {{ stop_with("concat_ws('', "
        ~ "'seeds/raw/" ~ seed ~ ".csv: document ', document_id, ', table ', table_id, ', row ', row_no, "
        ~ "', column " ~ column ~ ": \"', " ~ column ~ ", '\" is not " ~ expected ~ "')") }}
{%- endmacro %}
