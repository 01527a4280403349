{#- A number as Indonesian documents print it, with the decimals of the step: 2,96 or 25.338.739.129. -#}
{% macro as_printed(number, step) -%}
    case
        when {{ step }} >= 1 then replace({{ thousands(number) }}, ',', '.')
        when {{ step }} = 0.1 then replace(cast(cast({{ number }} as decimal(38, 1)) as string), '.', ',')
        else replace(cast(cast({{ number }} as decimal(38, 2)) as string), '.', ',')
    end
{%- endmacro %}
