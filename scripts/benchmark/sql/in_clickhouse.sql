-- peer_index.sql in the words of ClickHouse: does a text match, decimal text in hundred-thousandths, whole quotient, millionths.
{% macro matches(text, pattern) %}match({{ text }}, '{{ pattern }}'){% endmacro %}
{% macro points_of(text) %}toInt32(toDecimal64OrNull({{ text }}, 5) * 100000){% endmacro %}
{% macro div(one, other) %}intDiv({{ one }}, {{ other }}){% endmacro %}
{% macro micro(whole) %}toDecimal64({{ whole }}, 0) * toDecimal64('0.000001', 6){% endmacro %}
