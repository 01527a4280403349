{#-
    Figures in points, hundred-thousandths (half the finest step), as whole numbers of 128 bits: what scores and rupiah
    share when rules over both are solved for one of their cells.
-#}
{% macro points(number) -%}
    cast(cast({{ number }} as decimal(38, 5)) * 100000 as decimal(38, 0))
{%- endmacro %}


{#- Whole numbers of 128 bits divided, rounded down or up. -#}
{% macro quotient_below(numerator, denominator) -%}
    (
        {{ wide_quotient(numerator, denominator) }}
        - case
            when
                ({{ numerator }}) % ({{ denominator }}) != 0
                and (({{ numerator }}) < 0) != (({{ denominator }}) < 0) then 1
            else 0
        end
    )
{%- endmacro %}

{% macro quotient_above(numerator, denominator) -%}
    -{{ quotient_below('-(' ~ numerator ~ ')', denominator) }}
{%- endmacro %}


{#- True when the rule of a row of int_diagnosis__rule_cells holds once its cell has this value, all others as printed. -#}
{% macro rule_holds_with(cell, value) -%}
    (
        {{ cell }}.can_hold
        and {{ value }} >= coalesce({{ cell }}.holds_from, {{ value }})
        and {{ value }} <= coalesce({{ cell }}.holds_to, {{ value }})
    )
{%- endmacro %}


{#-
    A relation of every text that differs from a printed one by one digit, with the number it then is: columns
    `printed`, `proposed`, `value`. `texts` is a relation with the distinct texts in a column `printed`.
-#}
{% macro one_digit_slips(texts) -%}
    (
        select
            changed.printed,
            changed.proposed,
            {{ printed_number('changed.proposed') }} as value
        from (
            select
                signs.printed,
                concat(substr(signs.printed, 1, signs.place - 1), digits.digit, substr(signs.printed, signs.place + 1))
                    as proposed
            from (
                select
                    texts.printed,
                    {{ each_number_to('cast(length(texts.printed) as integer)') }} as place
                from {{ texts }} as texts
            ) as signs
            inner join {{ digits() }} as digits(digit)
                on
                    substr(signs.printed, signs.place, 1) between '0' and '9'
                    and substr(signs.printed, signs.place, 1) != digits.digit
        ) as changed
    )
{%- endmacro %}


{#- A relation of one column: the ten digits as text. -#}
{% macro digits() -%}
    (values {% for digit in range(10) %}('{{ digit }}'){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}


{#- The condition that the rows of two relations name the same printed cell, or the same rule on a figure. -#}
{% macro same_cell(left, right) -%}
    {%- for column in ['document_id', 'table_id', 'row_no', 'column_name'] -%}
        {{ left }}.cell_{{ column }} = {{ right }}.cell_{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro same_rule(left, right) -%}
    {%- for column in ['rule_id', 'document_id', 'table_id', 'row_no', 'column_name'] -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
