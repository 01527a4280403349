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


{#-
    The ends of a component's scale and its half steps in hundred-thousandths, half the finest step: whole numbers of the
    type named, which add up exactly. Of a relation that has the four columns of int_index__components.
-#}
{% macro scale_as_integers(type='bigint') -%}
    {%- for column, number in {
        'score_min': 'score_min',
        'score_max': 'score_max',
        'printed_half_step': half('printed_step'),
        'effective_half_step': half('effective_step'),
    }.items() %}
        cast({{ as_integer(number, 5) }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
