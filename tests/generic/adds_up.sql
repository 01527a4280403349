{#- The column sums to exactly the total in every group of rows. -#}
{% test adds_up(model, column, group_by, total) %}
{{ groups_that_do_not_add_up(model, column, group_by, total, place_of(model)) }}
{% endtest %}
