{#- Aggregate: the values in a list, lowest first. -#}
{% macro sorted_list(column) -%}
    list_sort(list({{ column }}))
{%- endmacro %}


{#- The first n of a list; all of a shorter one. -#}
{% macro first_of(list, n) -%}
    {{ list }}[1:{{ n }}]
{%- endmacro %}


{#- The last n of a list; all of a shorter one. -#}
{% macro last_of(list, n) -%}
    {{ list }}[greatest(len({{ list }}) - {{ n }} + 1, 1):]
{%- endmacro %}


{#- The sum of an expression in `score` over a list of scores. -#}
{% macro sum_over(scores, expression) -%}
    list_sum(list_transform({{ scores }}, lambda score: {{ expression }}))
{%- endmacro %}
