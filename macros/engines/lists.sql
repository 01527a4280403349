{#- Lists, which DuckDB and Spark have functions of other names for; tested by tests/singular/engines_agree.sql. -#}

{#- Aggregate: the values in a list, lowest first. -#}
{% macro sorted_list(column) -%}
    {{ return(adapter.dispatch('sorted_list')(column)) }}
{%- endmacro %}

{% macro default__sorted_list(column) -%}
    list_sort(list({{ column }}))
{%- endmacro %}

{% macro spark__sorted_list(column) -%}
    sort_array(collect_list({{ column }}))
{%- endmacro %}


{#- How many values a list has. -#}
{% macro length_of(list) -%}
    {{ return(adapter.dispatch('length_of')(list)) }}
{%- endmacro %}

{% macro default__length_of(list) -%}
    len({{ list }})
{%- endmacro %}

{% macro spark__length_of(list) -%}
    size({{ list }})
{%- endmacro %}


{#- The first n of a list; all of a shorter one. -#}
{% macro first_of(list, n) -%}
    {{ return(adapter.dispatch('first_of')(list, n)) }}
{%- endmacro %}

{% macro default__first_of(list, n) -%}
    {{ list }}[1:{{ n }}]
{%- endmacro %}

{% macro spark__first_of(list, n) -%}
    slice({{ list }}, 1, cast({{ n }} as integer))
{%- endmacro %}


{#- The last n of a list; all of a shorter one. -#}
{% macro last_of(list, n) -%}
    {{ return(adapter.dispatch('last_of')(list, n)) }}
{%- endmacro %}

{% macro default__last_of(list, n) -%}
    {{ list }}[greatest(len({{ list }}) - {{ n }} + 1, 1):]
{%- endmacro %}

{% macro spark__last_of(list, n) -%}
    slice({{ list }}, cast(greatest(size({{ list }}) - {{ n }} + 1, 1) as integer), cast({{ n }} as integer))
{%- endmacro %}


{#- The sum of a whole-number expression in `score` over a list of scores. -#}
{% macro sum_over(scores, expression) -%}
    {{ return(adapter.dispatch('sum_over')(scores, expression)) }}
{%- endmacro %}

{% macro default__sum_over(scores, expression) -%}
    list_sum(list_transform({{ scores }}, lambda score: {{ expression }}))
{%- endmacro %}

{% macro spark__sum_over(scores, expression) -%}
    aggregate({{ scores }}, cast(0 as bigint), (total, score) -> total + {{ expression }})
{%- endmacro %}


{#- Aggregate: the values in a list, in the order of another column. -#}
{% macro list_in_order(value, order_by) -%}
    {{ return(adapter.dispatch('list_in_order')(value, order_by)) }}
{%- endmacro %}

{% macro default__list_in_order(value, order_by) -%}
    list({{ value }} order by {{ order_by }})
{%- endmacro %}

{% macro spark__list_in_order(value, order_by) -%}
    transform(sort_array(collect_list(struct({{ order_by }} as place, {{ value }} as value))), pair -> pair.value)
{%- endmacro %}


{#-
    The sum of the products of two lists of whole numbers of the same length; exact up to 2^53, beyond which DuckDB's
    fast function, which is of doubles, would round.
-#}
{% macro dot_product(left, right) -%}
    {{ return(adapter.dispatch('dot_product')(left, right)) }}
{%- endmacro %}

{% macro default__dot_product(left, right) -%}
    cast(list_dot_product(cast({{ left }} as double[]), cast({{ right }} as double[])) as bigint)
{%- endmacro %}

{% macro spark__dot_product(left, right) -%}
    aggregate(zip_with({{ left }}, {{ right }}, (x, y) -> x * y), cast(0 as bigint), (total, product) -> total + product)
{%- endmacro %}


{#- One row per whole number from 1 to the number in the row, in a select list. -#}
{% macro each_number_to(number) -%}
    {{ return(adapter.dispatch('each_number_to')(number)) }}
{%- endmacro %}

{% macro default__each_number_to(number) -%}
    unnest(range(1, {{ number }} + 1))
{%- endmacro %}

{% macro spark__each_number_to(number) -%}
    explode(sequence(1, {{ number }}))
{%- endmacro %}
