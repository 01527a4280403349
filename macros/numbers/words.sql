{#- How many words a text has. -#}
{% macro count_words(text) -%}
    length({{ text }}) - length(replace({{ text }}, ' ', '')) + 1
{%- endmacro %}


{#- A relation of one column: the whole numbers from one to n. -#}
{% macro numbers_to(n) -%}
    (values {% for number in range(1, n + 1) %}({{ number }}){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
