{#- Every printed name is in region_names. For raw seeds, whose rows say where they stand in the document. -#}
{% test names_a_region(model, column_name) %}
{{ rows_with_unknown_name(model, column_name, ref('region_names'), place_of(model)) }}
{% endtest %}
