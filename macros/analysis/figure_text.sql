{#-
    A figure as a sentence of the language (id, en) writes it: `score` and `percent` with two decimals, `amount` in whole
    rupiah, `whole` as it is; a `word` is written as it stands. Rounded half-up.
-#}
{% macro figure_text(figure, kind, language) -%}
    {%- if kind == 'word' -%}
        cast({{ figure }} as string)
    {%- elif kind == 'whole' -%}
        cast(cast({{ figure }} as bigint) as string)
    {%- elif kind == 'amount' and language == 'id' -%}
        replace({{ thousands(figure) }}, ',', '.')
    {%- elif kind == 'amount' -%}
        {{ thousands(figure) }}
    {%- elif language == 'id' -%}
        replace(cast(cast({{ figure }} as decimal(38, 2)) as string), '.', ',')
    {%- else -%}
        cast(cast({{ figure }} as decimal(38, 2)) as string)
    {%- endif -%}
{%- endmacro %}
