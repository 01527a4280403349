{#-
    A number between 0 and 1, neither of them, from ten of the 32 hexadecimal digits of an MD5 digest: the first ten, the
    next or those after (place 1, 2 or 3). The same text gives the same number on any engine.
-#}
{% macro uniform_number(digest, place) -%}
    (cast({{ hexadecimal('substr(' ~ digest ~ ', ' ~ (10 * place - 9) ~ ', 10)') }} as double) + 0.5e0) / 1099511627776e0
{%- endmacro %}
