{#- The columns together identify a row: none is blank, no combination stands twice. -#}
{% test key(model, columns) %}
{{ rows_with_broken_key(model, columns, place_of(model)) }}
{% endtest %}
