{#- What DuckDB and Spark name differently about numbers and errors; tested by tests/singular/engines_agree.sql. -#}

{#- Two bigints divided, cut off towards zero. -#}
{% macro whole_quotient(numerator, denominator) -%}
    {{ return(adapter.dispatch('whole_quotient')(numerator, denominator)) }}
{%- endmacro %}

{% macro default__whole_quotient(numerator, denominator) -%}
    ({{ numerator }} // {{ denominator }})
{%- endmacro %}

{% macro spark__whole_quotient(numerator, denominator) -%}
    ({{ numerator }} div {{ denominator }})
{%- endmacro %}


{#- The same of two whole numbers of up to 38 digits, which DuckDB would divide as doubles. -#}
{% macro wide_quotient(numerator, denominator) -%}
    {{ return(adapter.dispatch('wide_quotient')(numerator, denominator)) }}
{%- endmacro %}

{% macro default__wide_quotient(numerator, denominator) -%}
    cast(cast({{ numerator }} as hugeint) // cast({{ denominator }} as hugeint) as decimal(38, 0))
{%- endmacro %}

{% macro spark__wide_quotient(numerator, denominator) -%}
    cast(({{ numerator }}) div ({{ denominator }}) as decimal(38, 0))
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


{#- Hexadecimal digits, at most fifteen, as a bigint. -#}
{% macro hexadecimal(digits) -%}
    {{ return(adapter.dispatch('hexadecimal')(digits)) }}
{%- endmacro %}

{% macro default__hexadecimal(digits) -%}
    cast(concat('0x', {{ digits }}) as bigint)
{%- endmacro %}

{% macro spark__hexadecimal(digits) -%}
    cast(conv({{ digits }}, 16, 10) as bigint)
{%- endmacro %}


{#- A whole number of 60 bits made of a text, the same on every engine: two texts are alike by chance once in 10^18. -#}
{% macro number_of(text) -%}
    {{ hexadecimal('substr(md5(' ~ text ~ '), 1, 15)') }}
{%- endmacro %}


{#-
    A whole number of 64 bits that tells rows of these columns apart, of each engine its own, and faster than number_of.
    DuckDB's is no random one: of 715,844 texts that differed in few digits two had the same. What rests on it needs a test.
-#}
{% macro hash_of(columns) -%}
    {{ return(adapter.dispatch('hash_of')(columns)) }}
{%- endmacro %}

{#- Hashed once more: DuckDB joins those of columns by exclusive or, by which two rows that exchange a value stay alike. -#}
{% macro default__hash_of(columns) -%}
    hash(hash({{ columns | join(', ') }}))
{%- endmacro %}

{% macro spark__hash_of(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
