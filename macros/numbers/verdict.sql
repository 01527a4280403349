{#-
    The verdict on a published figure. `recomputed` is null unless all inputs are printed; `low` and `high` are what
    the inputs as printed leave possible, `effective_low` and `effective_high` what they leave possible with the
    precision that they really have (a missing input is its whole scale). No upper bound is a null high.
-#}
{% macro verdict(claim, low, high) -%}
    case
        when {{ claim }}.low is null then 'not_computable'
        when {{ prints_as(claim ~ '.recomputed', claim ~ '.published', claim ~ '.published_step') }} then 'exact'
        when {{ claim }}.is_complete and {{ intervals_meet(claim, 'low', 'high') }} then 'within_rounding'
        when {{ intervals_meet(claim, low, high) }} then 'within_bounds'
        else 'outside'
    end
{%- endmacro %}


{% macro intervals_meet(claim, low, high) -%}
    (
        {{ claim }}.{{ low }} <= {{ claim }}.published + {{ half(claim ~ '.published_step') }}
        and coalesce({{ claim }}.{{ high }}, {{ claim }}.published)
        >= {{ claim }}.published - {{ half(claim ~ '.published_step') }}
    )
{%- endmacro %}


{#-
    True when the number, rounded half-up to the step, is what is printed. Compared with the ends of the interval that
    rounds to it, the tie belonging to the end away from zero: rounding itself divides, which is slow in 128 bits.
-#}
{% macro prints_as(number, printed, step) -%}
    (
        {{ printed }} = {{ round_half_up(printed, step) }}
        and case
            when {{ number }} >= 0
                then {{ number }} >= {{ printed }} - {{ half(step) }} and {{ number }} < {{ printed }} + {{ half(step) }}
            else {{ number }} > {{ printed }} - {{ half(step) }} and {{ number }} <= {{ printed }} + {{ half(step) }}
        end
    )
{%- endmacro %}
