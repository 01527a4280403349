-- peer_index.sql in the words of Spark and Sail: does a text match, decimal text in hundred-thousandths, whole quotient, millionths.
{% macro matches(text, pattern) %}{{ text }} rlike '{{ pattern }}'{% endmacro %}
{% macro points_of(text) %}cast(cast({{ text }} as decimal(18, 5)) * 100000 as int){% endmacro %}
{% macro div(one, other) %}(({{ one }}) div ({{ other }})){% endmacro %}
{% macro micro(whole) %}cast(cast({{ whole }} as decimal(18, 0)) * cast('0.000001' as decimal(7, 6)) as decimal(18, 6)){% endmacro %}
