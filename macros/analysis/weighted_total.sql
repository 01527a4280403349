{#-
    The total of a region under drawn weights, in whole numbers: `scale` times the mean of its points. Weights of
    components that the region lacks are shared by the others. Both sides are lists in the order of the components.
-#}
{% macro weighted_total(weights, region, scale) -%}
    {{ whole_quotient(scale ~ ' * ' ~ dot_product(weights, region ~ '.points'), dot_product(weights, region ~ '.presence')) }}
{%- endmacro %}
