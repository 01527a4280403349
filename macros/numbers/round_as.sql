{#-
    A non-negative number brought to its step in the way that the row names: half_up, half_even, truncate or up.
    In whole steps, so that a tie is a tie.
-#}
{% macro round_as(rounding, number, step) -%}
    case {{ rounding }}
        when 'half_up' then {{ round_half_up(number, step) }}
        when 'truncate' then floor({{ number }} * {{ steps_per_unit(step) }}) * {{ step }}
        when 'up' then ceil({{ number }} * {{ steps_per_unit(step) }}) * {{ step }}
        when 'half_even'
            then case
                when
                    {{ number }} * {{ steps_per_unit(step) }} - floor({{ number }} * {{ steps_per_unit(step) }}) = 0.5
                    and floor({{ number }} * {{ steps_per_unit(step) }}) % 2 = 0
                    then floor({{ number }} * {{ steps_per_unit(step) }}) * {{ step }}
                else {{ round_half_up(number, step) }}
            end
    end
{%- endmacro %}

{% macro steps_per_unit(step) -%}
    case {{ step }} when 1 then 1 when 0.1 then 10 when 0.01 then 100 when 0.001 then 1000 when 0.0001 then 10000 end
{%- endmacro %}
