{#-
    numerator / denominator as decimal(38, 12), cut off (not rounded) after twelve decimals, in integers throughout:
    DuckDB divides decimals as doubles, which lose ties. Cutting off never carries a quotient over a tie or over a
    printed bound, so rounding the result half-up is right to the last digit. Both may have up to eight decimals.
    Null when the denominator is zero.
-#}
{% macro exact_quotient(numerator, denominator) -%}
    cast(
        {{ whole_quotient(
            'cast(cast(' ~ numerator ~ ' as decimal(38, 8)) * 100000000 as ' ~ whole_number() ~ ') * 1000000000000',
            'cast(cast(' ~ denominator ~ ' as decimal(38, 8)) * 100000000 as ' ~ whole_number() ~ ')'
        ) }}
        as decimal(26, 0)
    ) * cast('0.000000000001' as decimal(12, 12))
{%- endmacro %}


{#- The number rounded half-up (away from zero at a tie) to the step of each row: 1, 0.1 … 0.0001. Casting a decimal rounds so. -#}
{% macro round_half_up(number, step) -%}
    case {{ step }}
        {%- for decimals in range(5) %}
        when {{ '%.*f' % (decimals, 10 ** -decimals) }} then cast(cast({{ number }} as decimal(38, {{ decimals }})) as decimal(38, 4))
        {%- endfor %}
    end
{%- endmacro %}


{#- The step of a figure printed with so many decimals. -#}
{% macro step_of(decimals) -%}
    case {{ decimals }}
        {%- for decimals_printed in range(5) %}
        when {{ decimals_printed }} then cast({{ '%.*f' % (decimals_printed, 10 ** -decimals_printed) }} as decimal(9, 4))
        {%- endfor %}
    end
{%- endmacro %}
