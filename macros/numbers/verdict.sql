{#-
    The verdict on a published figure, its inputs having the precision named: `printed`, as they are printed, or
    `effective`, as they were computed (a missing input is its whole scale). A claim has the bounds that each leaves
    possible, <precision>_low and <precision>_high; no upper bound is a null high. `recomputed` is null unless all
    inputs are printed.
-#}
{% macro verdict(claim, precision) -%}
    case
        when {{ claim }}.printed_low is null then 'not_computable'
        when {{ prints_as(claim ~ '.recomputed', claim ~ '.published', claim ~ '.published_step') }} then 'exact'
        when {{ claim }}.is_complete and {{ intervals_meet(claim, 'printed') }} then 'within_rounding'
        when {{ intervals_meet(claim, precision) }} then 'within_bounds'
        else 'outside'
    end
{%- endmacro %}


{% macro intervals_meet(claim, precision) -%}
    (
        {{ claim }}.{{ precision }}_low <= {{ claim }}.published + {{ half(claim ~ '.published_step') }}
        and coalesce({{ claim }}.{{ precision }}_high, {{ claim }}.published)
        >= {{ claim }}.published - {{ half(claim ~ '.published_step') }}
    )
{%- endmacro %}


{#-
    True when the number, rounded half-up to the step, is what is printed. Compared with the ends of the interval that
    rounds to it, the tie belonging to the end away from zero: rounding itself divides, which is slow in 128 bits. What is
    printed is rounded in 64, where it has room; half a step beside it may not.
-#}
{% macro prints_as(number, printed, step) -%}
    (
        {{ printed }} = {{ round_half_up('cast(' ~ printed ~ ' as decimal(18, 4))', step) }}
        and case
            when {{ number }} >= 0
                then {{ number }} >= {{ printed }} - {{ half(step) }} and {{ number }} < {{ printed }} + {{ half(step) }}
            else {{ number }} > {{ printed }} - {{ half(step) }} and {{ number }} <= {{ printed }} + {{ half(step) }}
        end
    )
{%- endmacro %}
