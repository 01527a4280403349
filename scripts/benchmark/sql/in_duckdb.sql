-- peer_index.sql in the words of DuckDB: does a text match, decimal text in hundred-thousandths, whole quotient, millionths.
{% macro matches(text, pattern) %}regexp_matches({{ text }}, '{{ pattern }}'){% endmacro %}
{% macro points_of(text) %}cast(cast({{ text }} as decimal(18, 5)) * 100000 as integer){% endmacro %}
{% macro div(one, other) %}({{ one }}) // ({{ other }}){% endmacro %}
{% macro micro(whole) %}cast({{ whole }} * cast(0.000001 as decimal(7, 6)) as decimal(18, 6)){% endmacro %}
