{#-
    What chance alone would reach: the upper tails of distributions, in doubles, for SQL that has no function for them.
    Right to a millionth of themselves.
-#}

{#- The chance that a chi-square number with so many degrees of freedom (known when this is written) is this large. -#}
{% macro chi_square_tail(statistic, degrees) -%}
    {%- set terms = [] -%}
    {%- set factor = namespace(product=1) -%}
    {%- if degrees % 2 == 0 -%}
        {%- for i in range(degrees // 2) -%}
            {%- set factor.product = factor.product * [i, 1] | max -%}
            {%- do terms.append('pow(' ~ statistic ~ ' / 2e0, ' ~ i ~ ') / ' ~ factor.product ~ 'e0') -%}
        {%- endfor -%}
        exp(- {{ statistic }} / 2e0) * ({{ terms | join(' + ') }})
    {%- else -%}
        {%- for i in range(1, (degrees + 1) // 2) -%}
            {%- set factor.product = factor.product * (2 * i - 1) -%}
            {%- do terms.append('pow(' ~ statistic ~ ', ' ~ (i - 0.5) ~ 'e0) / ' ~ factor.product ~ 'e0') -%}
        {%- endfor -%}
        {{ normal_tail('sqrt(' ~ statistic ~ ')') }} * 2e0
        + sqrt(2e0 / pi()) * exp(- {{ statistic }} / 2e0) * ({{ terms | join(' + ') or '0e0' }})
    {%- endif -%}
{%- endmacro %}


{#- The chance that a normal number is at least this large (Press et al., Numerical Recipes, erfcc). -#}
{% macro normal_tail(z) -%}
    {%- set t = '(1e0 / (1e0 + 0.5e0 * abs(' ~ z ~ ') / sqrt(2e0)))' -%}
    {%- set polynomial = namespace(sql='0.17087277e0') -%}
    {%- for coefficient in [
        '-0.82215223e0', '1.48851587e0', '-1.13520398e0', '0.27886807e0', '-0.18628806e0', '0.09678418e0',
        '0.37409196e0', '1.00002368e0',
    ] -%}
        {%- set polynomial.sql = coefficient ~ ' + ' ~ t ~ ' * (' ~ polynomial.sql ~ ')' -%}
    {%- endfor -%}
    abs(
        case when {{ z }} < 0 then 1e0 else 0e0 end
        - 0.5e0 * {{ t }} * exp(- {{ z }} * {{ z }} / 2e0 - 1.26551223e0 + {{ t }} * ({{ polynomial.sql }}))
    )
{%- endmacro %}
