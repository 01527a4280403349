{#-
    numerator / denominator as decimal(38, 12), cut off (not rounded) after twelve decimals, in integers throughout:
    DuckDB divides decimals as doubles, which lose ties. Cutting off never carries a quotient over a tie or over a
    printed bound, so rounding the result half-up is right to the last digit. Null when the denominator is zero.
    Both may have up to `decimals` decimals.
-#}
{% macro exact_quotient(numerator, denominator, decimals=8) -%}
    {{ integer_quotient(as_integer(numerator, decimals), as_integer(denominator, decimals)) }}
{%- endmacro %}


{#-
    100 * part / whole rounded half-up to two decimals, as decimal(18, 2); null when the whole is zero. For whole numbers,
    the whole not negative; a part from 4.6 * 10^14 stops the query with an overflow.
-#}
{% macro percentage_of(part, whole) -%}
    cast(
        {{ whole_quotient(
            '(20000 * cast(' ~ part ~ ' as bigint) + case when ' ~ part ~ ' < 0 then -1 else 1 end * cast(' ~ whole ~ ' as bigint))',
            'nullif(2 * cast(' ~ whole ~ ' as bigint), 0)'
        ) }} * cast(0.01 as decimal(2, 2))
        as decimal(18, 2)
    )
{%- endmacro %}


{#- A part of a whole, both counts, as decimal(7, 6) rounded half-up; null of nothing. -#}
{% macro share_of(part, whole) -%}
    cast({{ exact_quotient(part, whole, decimals=0) }} as decimal(7, 6))
{%- endmacro %}


{#- The number times ten to the power of its decimals, as a bigint. -#}
{% macro as_integer(number, decimals) -%}
    {%- if decimals == 0 -%}
        cast({{ number }} as bigint)
    {%- else -%}
        cast(cast({{ number }} as decimal(38, {{ decimals }})) * {{ 10 ** decimals }} as bigint)
    {%- endif -%}
{%- endmacro %}


{#-
    The same of two bigints. Divided by hand, three digits at a time, as that stays in 64 bits: a division of 128 bits
    takes forty times as long. A denominator from 9.2 * 10^15 stops the query with an overflow.
-#}
{% macro integer_quotient(numerator, denominator) -%}
    {%- set divisor = 'nullif(' ~ denominator ~ ', 0)' -%}
    {%- set division = namespace(remainder='(' ~ numerator ~ ' % ' ~ divisor ~ ') * 1000', digits=[]) -%}
    {%- for _ in range(4) -%}
        {%- do division.digits.append(whole_quotient(division.remainder, divisor)) -%}
        {%- set division.remainder = '(' ~ division.remainder ~ ' % ' ~ divisor ~ ') * 1000' -%}
    {%- endfor -%}
    cast({{ whole_quotient(numerator, divisor) }} as decimal(38, 12))
    + (
        {%- for digits in division.digits %}
            {{ digits }} * {{ 1000 ** (3 - loop.index0) }}{{ ' +' if not loop.last }}
        {%- endfor %}
    ) * cast('0.000000000001' as decimal(12, 12))
{%- endmacro %}


{#- The number rounded half-up (away from zero at a tie) to the step of each row: 1, 0.1 … 0.0001. Casting a decimal rounds so. A coarser step
    is that of amounts, which are not rounded. -#}
{% macro round_half_up(number, step) -%}
    case {{ step }}
        {%- for step_of_decimals in printed_steps() %}
        when {{ step_of_decimals }} then cast(cast({{ number }} as decimal(38, {{ loop.index0 }})) as decimal(38, 4))
        {%- endfor %}
        {%- for zeros in range(1, 10) %}
        when {{ 10 ** zeros }} then cast({{ number }} as decimal(38, 4))
        {%- endfor %}
    end
{%- endmacro %}


{#- The step of a figure printed with so many decimals. -#}
{% macro step_of(decimals) -%}
    case {{ decimals }}
        {%- for step in printed_steps() %}
        when {{ loop.index0 }} then cast({{ step }} as decimal(5, 4))
        {%- endfor %}
    end
{%- endmacro %}


{#- The step of no decimal, of one, and so on; as text, which no engine writes in its own way. -#}
{% macro printed_steps() -%}
    {{ return(['1', '0.1', '0.01', '0.001', '0.0001']) }}
{%- endmacro %}
