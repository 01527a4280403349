{#-
    The interval that a printed figure stands for: half a step to either side, clipped to its scale; null for no figure.
    A figure printed outside its scale keeps its own side unclipped: it is reported, not bent.
    `greatest` and `least` pass over nulls: without the guard a missing score would become its scale.
-#}
{% macro interval_low(score, half_step, score_min) -%}
    case when {{ score }} is not null then greatest({{ score }} - {{ half_step }}, least({{ score_min }}, {{ score }})) end
{%- endmacro %}

{% macro interval_high(score, half_step, score_max) -%}
    case when {{ score }} is not null then least({{ score }} + {{ half_step }}, greatest({{ score_max }}, {{ score }})) end
{%- endmacro %}

{#- Half a step, as a decimal. -#}
{% macro half(step) -%}
    {{ step }} * cast(0.5 as decimal(2, 1))
{%- endmacro %}
