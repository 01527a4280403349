{#- Aggregate: the grade of the highest band whose lower bound the score reaches (or passes, where the bound itself is not in the band). -#}
{% macro grade_of(bands, score) -%}
    max_by({{ bands }}.grade, {{ bands }}.lower_bound) filter (
        where {{ score }} > {{ bands }}.lower_bound
        or ({{ bands }}.is_lower_inclusive and {{ score }} = {{ bands }}.lower_bound)
    )
{%- endmacro %}
