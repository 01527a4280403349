{#- In every group, the column does not fall from a row to the next. -#}
{% test never_decreases(model, column, group_by, order_by) %}
{{ rows_that_decrease(model, column, group_by, order_by, place_of(model)) }}
{% endtest %}
