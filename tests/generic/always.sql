{#- The condition is true for every row; the message names the rows by `key`. -#}
{% test always(model, condition, key, expected=none) %}
{{ rows_that_break(model, condition, key, place_of(model), expected) }}
{% endtest %}
