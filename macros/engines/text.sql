{#-
    What DuckDB and Spark name or write differently about text. Each has one meaning, tested on whichever engine
    builds by tests/singular/engines_agree.sql.
-#}

{#- True when the text begins with the other text; unknown when either is null. -#}
{% macro begins_with(text, beginning) -%}
    {{ return(adapter.dispatch('begins_with')(text, beginning)) }}
{%- endmacro %}

{% macro default__begins_with(text, beginning) -%}
    starts_with({{ text }}, {{ beginning }})
{%- endmacro %}

{% macro spark__begins_with(text, beginning) -%}
    startswith({{ text }}, {{ beginning }})
{%- endmacro %}


{#- True when the whole text matches. Write digits as [0-9] and a dot as [.]: engines read backslashes differently. -#}
{% macro is_written_like(text, pattern) -%}
    {{ return(adapter.dispatch('is_written_like')(text, pattern)) }}
{%- endmacro %}

{% macro default__is_written_like(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}

{#- `$` would also match before a last line break. -#}
{% macro spark__is_written_like(text, pattern) -%}
    {{ text }} rlike r'^(?:{{ pattern }})\z'
{%- endmacro %}


{#- The text with every match replaced. -#}
{% macro replace_matches(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_matches')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_matches(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replace_matches(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}


{#- Aggregate: the texts that are not null, one after the other. -#}
{% macro joined_text(text, separator, order_by) -%}
    {{ return(adapter.dispatch('joined_text')(text, separator, order_by)) }}
{%- endmacro %}

{% macro default__joined_text(text, separator, order_by) -%}
    string_agg({{ text }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{% macro spark__joined_text(text, separator, order_by) -%}
    listagg({{ text }}, '{{ separator }}') within group (order by {{ order_by }})
{%- endmacro %}


{#- A whole number with commas between its thousands. -#}
{% macro thousands(number) -%}
    {{ return(adapter.dispatch('thousands')(number)) }}
{%- endmacro %}

{% macro default__thousands(number) -%}
    format('{:,}', cast({{ number }} as bigint))
{%- endmacro %}

{% macro spark__thousands(number) -%}
    format_number(cast({{ number }} as bigint), 0)
{%- endmacro %}


{#- The last n words of a text. -#}
{% macro last_words(text, n) -%}
    {{ return(adapter.dispatch('last_words')(text, n)) }}
{%- endmacro %}

{% macro default__last_words(text, n) -%}
    array_to_string(string_split({{ text }}, ' ')[-{{ n }}:], ' ')
{%- endmacro %}

{% macro spark__last_words(text, n) -%}
    substring_index({{ text }}, ' ', -{{ n }})
{%- endmacro %}


{#- Over a window: the last value in it that is not null. -#}
{% macro last_known(value) -%}
    {{ return(adapter.dispatch('last_known')(value)) }}
{%- endmacro %}

{% macro default__last_known(value) -%}
    last_value({{ value }} ignore nulls)
{%- endmacro %}

{% macro spark__last_known(value) -%}
    last_value({{ value }}, true)
{%- endmacro %}
