{#-
    Aggregate: the first, second (median) or third quartile of scores that are numbered from the lowest, 1, to the highest,
    `count`; both are columns. The same as in spreadsheets (QUARTILE.INC; type 7 of Hyndman and Fan, 1996), exactly: the
    quartile lies a whole number of quarters between two scores.
-#}
{% macro quartile(number, score, place, count) -%}
    {%- set quarters = number ~ ' * (' ~ count ~ ' - 1)' -%}
    {%- set below = whole_quotient(quarters, '4') -%}
    0.25 * (
        max(case when {{ place }} = {{ below }} + 1 then {{ score }} * (4 - ({{ quarters }}) % 4) end)
        + coalesce(max(case when {{ place }} = {{ below }} + 2 then {{ score }} * (({{ quarters }}) % 4) end), 0)
    )
{%- endmacro %}
