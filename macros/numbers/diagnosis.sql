{#-
    Figures in points, hundred-thousandths (half the finest step), as whole numbers of 128 bits: what scores and rupiah
    share when rules over both are solved for one of their cells. The whole and the rest are taken apart, as together,
    a hundred thousand times, they would not fit into 64 bits.
-#}
{% macro points(number) -%}
    case
        when {{ in_64_bits(number, 5) }} is not null
            then cast(floor({{ in_64_bits(number, 5) }}) as decimal(38, 0)) * 100000
                + cast(
                    ({{ in_64_bits(number, 5) }} - floor({{ in_64_bits(number, 5) }})) * 100000 as decimal(38, 0)
                )
        else cast(cast({{ number }} as decimal(38, 5)) * 100000 as decimal(38, 0))
    end
{%- endmacro %}


{#-
    What fits into 64 bits is worked out there: DuckDB takes forty times as long to change the scale of 128 bits, or to
    divide them. Null where it does not; DuckDB works out the branches of a case that are not taken, too.
-#}
{% macro in_64_bits(number, decimals) -%}
    try_cast({{ number }} as decimal(18, {{ decimals }}))
{%- endmacro %}

{#- Whole numbers divided, rounded down or up. -#}
{% macro quotient_below(numerator, denominator) -%}
    case
        when
            {{ in_64_bits(numerator, 0) }} is not null
            and {{ in_64_bits(denominator, 0) }} is not null
            then cast({{ whole_below(
                'cast(' ~ in_64_bits(numerator, 0) ~ ' as bigint)', 'cast(' ~ in_64_bits(denominator, 0) ~ ' as bigint)',
                whole_quotient
            ) }} as decimal(38, 0))
        else {{ whole_below('(' ~ numerator ~ ')', '(' ~ denominator ~ ')', wide_quotient) }}
    end
{%- endmacro %}

{% macro whole_below(numerator, denominator, quotient) -%}
    (
        {{ quotient(numerator, denominator) }}
        - case
            when {{ numerator }} % {{ denominator }} != 0 and ({{ numerator }} < 0) != ({{ denominator }} < 0) then 1
            else 0
        end
    )
{%- endmacro %}

{% macro quotient_above(numerator, denominator) -%}
    -({{ quotient_below('-(' ~ numerator ~ ')', denominator) }})
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


{#-
    The condition that the rows of two relations name the same printed cell: a column of int_diagnosis__columns, and a
    row of it.
-#}
{% macro same_cell(left, right) -%}
    {{ all_equal(left, right, ['cell_column_no', 'cell_row_no']) }}
{%- endmacro %}

{#- … or the same rule on a figure, by the number of its column or by all that names it. -#}
{% macro same_claim(left, right) -%}
    {{ all_equal(left, right, ['rule_id', 'column_no', 'row_no']) }}
{%- endmacro %}

{% macro same_rule(left, right) -%}
    {{ all_equal(left, right, ['rule_id', 'document_id', 'table_id', 'row_no', 'column_name']) }}
{%- endmacro %}

{#- … or the same column of a table, by its texts: where int_diagnosis__columns gives it its number. -#}
{% macro same_column(left, right) -%}
    {{ all_equal(left, right, ['document_id', 'table_id', 'column_name']) }}
{%- endmacro %}

{% macro all_equal(left, right, columns) -%}
    {%- for column in columns -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- What bounds the search for one finding: rows of a column whose values are exchanged, values that are tried two by two. -#}
{% macro most_rows_searched() -%}1000{%- endmacro %}

{% macro most_values_paired() -%}400{%- endmacro %}


{#- What the last of so many decimals is worth, in points. -#}
{% macro place_worth(decimals) -%}
    case {{ decimals }} when 0 then 100000 when 1 then 10000 when 2 then 1000 when 3 then 100 else 10 end
{%- endmacro %}


{#- The first whole number of steps from a value on, and the last up to it. -#}
{% macro steps_from(number, step) -%}
    {{ quotient_above(points(number), points(step)) }}
{%- endmacro %}

{% macro steps_to(number, step) -%}
    {{ quotient_below(points(number), points(step)) }}
{%- endmacro %}


{#- True when the value lies where the rules of a cell (`holds`, `kept`, `broken`, `own`) leave it. -#}
{% macro fits(value, cell, rules) -%}
    (
        {{ value }} >= coalesce({{ cell }}.{{ rules }}_from, {{ value }})
        and {{ value }} <= coalesce({{ cell }}.{{ rules }}_to, {{ value }})
    )
{%- endmacro %}


{#-
    True when an effect that two cells of a broken rule have together comes near what the rule needs; `one` and `other`
    are rows of int_diagnosis__broken_rules. A sieve: what passes is judged by its sums.
-#}
{% macro may_mend(one, other, effect) -%}
    (
        {{ effect }} + {{ one }}.leeway + {{ other }}.leeway >= coalesce({{ one }}.needed_from, {{ effect }})
        and {{ effect }} - {{ one }}.leeway - {{ other }}.leeway <= coalesce({{ one }}.needed_to, {{ effect }})
    )
{%- endmacro %}


{#-
    A relation: each set of changes and rule that it touches, whether the rule holds after it (`holds`), and 1 where it was
    broken before (`broken_rules`). `touched` has a row per set and changed cell of a rule: set_no, proposed, and the
    columns of int_diagnosis__rule_cells.
-#}
{% macro rules_judged(touched) -%}
    (
        with ends as (
            select
                cells.set_no,
                cells.rule_id,
                cells.column_no,
                cells.row_no,
                cells.cell_role,
                cells.numerator_factor,
                cells.denominator_factor,
                {{ points('cells.value') }} as old_points,
                {{ points('cells.proposed') }} as new_points,
                cells.half_step_points,
                cells.min_points,
                cells.max_points,
                not {{ rule_holds_with('cells', 'cells.value') }} as is_broken
            from {{ touched }} as cells
        ),

        moved as (
            select
                *,
                {%- for end in ['low', 'high'] %}
                    {%- set interval = interval_low if end == 'low' else interval_high %}
                    {%- set bound = 'min_points' if end == 'low' else 'max_points' %}
                    {{ interval('new_points', 'half_step_points', bound) }}
                    - {{ interval('old_points', 'half_step_points', bound) }} as {{ end }}_moved,
                {%- endfor %}
                case when cell_role = 'result' then new_points - old_points else 0 end as held_moved
            from ends
        ),

        summed as (
            select
                set_no,
                rule_id,
                column_no,
                row_no,
                sum(numerator_factor * case when numerator_factor < 0 then high_moved else low_moved end) as low_moved,
                sum(numerator_factor * case when numerator_factor < 0 then low_moved else high_moved end) as high_moved,
                sum(denominator_factor * low_moved) as denominator_low_moved,
                sum(denominator_factor * high_moved) as denominator_high_moved,
                sum(held_moved) as held_moved,
                bool_or(is_broken) as is_broken
            from moved
            group by set_no, rule_id, column_no, row_no
        )

        select
            summed.set_no,
            coalesce(
                (claims.numerator_high + summed.high_moved)
                >= (claims.held_low + summed.held_moved) * (claims.denominator_low + summed.denominator_low_moved),
                true
            )
            and coalesce(
                (claims.numerator_low + summed.low_moved)
                <= (claims.held_high + summed.held_moved) * (claims.denominator_high + summed.denominator_high_moved)
                or coalesce(claims.cap <= claims.held_high + summed.held_moved, false),
                true
            )
            and coalesce(claims.cap >= claims.held_low + summed.held_moved, true) as holds,
            case when summed.is_broken then 1 else 0 end as broken_rules
        from {{ ref('int_diagnosis__claims') }} as claims
        inner join summed on {{ same_claim('claims', 'summed') }}
    )
{%- endmacro %}


{#- A relation: of sets of changes whose rules were judged, those after which all hold, with how many were broken before. -#}
{% macro sets_that_mend(judged) -%}
    (
        select
            set_no,
            cast(sum(broken_rules) as bigint) as rules_satisfied
        from {{ judged }} as judged
        group by set_no
        having
            bool_and(holds)
            and sum(broken_rules) > 0
    )
{%- endmacro %}
