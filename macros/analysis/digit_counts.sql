{#- The columns that count figures by a digit of theirs: last_0 … last_9, first_1 … first_9. -#}
{% macro digit_counts(which, digits) -%}
    {%- set counts = [] -%}
    {%- for digit in digits -%}{%- do counts.append(which ~ '_' ~ digit) -%}{%- endfor -%}
    {{ return(counts) }}
{%- endmacro %}
