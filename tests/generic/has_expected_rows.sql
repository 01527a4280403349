{#- As many rows per document and table as registered: a lost row is caught, and so is a lost document. -#}
{% test has_expected_rows(model) %}
{{ tables_with_wrong_row_count(model, model.identifier, ref('expected_rows')) }}
{% endtest %}
