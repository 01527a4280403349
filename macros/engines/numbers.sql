{#- What DuckDB and Spark name differently about numbers and errors; tested by tests/singular/engines_agree.sql. -#}

{#- The type of a whole number of up to 38 digits. -#}
{% macro whole_number() -%}
    {{ return(adapter.dispatch('whole_number')()) }}
{%- endmacro %}

{% macro default__whole_number() -%}
    hugeint
{%- endmacro %}

{% macro spark__whole_number() -%}
    decimal(38, 0)
{%- endmacro %}


{#- Two whole numbers divided, cut off towards zero; null when the divisor is zero. -#}
{% macro whole_quotient(numerator, denominator) -%}
    {{ return(adapter.dispatch('whole_quotient')(numerator, denominator)) }}
{%- endmacro %}

{% macro default__whole_quotient(numerator, denominator) -%}
    {{ numerator }} // nullif({{ denominator }}, 0)
{%- endmacro %}

{#- Spark's `div` is of 64 bits, and its `/` rounds: what is left over goes first, so that nothing is left to round. -#}
{% macro spark__whole_quotient(numerator, denominator) -%}
    cast(
        ({{ numerator }} - {{ numerator }} % nullif({{ denominator }}, 0)) / nullif({{ denominator }}, 0) as decimal(38, 0)
    )
{%- endmacro %}


{#- Stops the query with the message. -#}
{% macro stop_with(message) -%}
    {{ return(adapter.dispatch('stop_with')(message)) }}
{%- endmacro %}

{% macro default__stop_with(message) -%}
    error({{ message }})
{%- endmacro %}

{% macro spark__stop_with(message) -%}
    raise_error({{ message }})
{%- endmacro %}
