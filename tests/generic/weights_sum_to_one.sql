{#- Weights of siblings sum to exactly 1, in decimals; children that count alike have none. -#}
{% test weights_sum_to_one(model) %}
{{ weights_that_do_not_sum_to_one(model, place_of(model)) }}
{% endtest %}
