{#-
    A number as Indonesian documents print it: "3,66", "-0,54", "1.234,5", "25.338.739.129", "17,75%".
    Dots must group thousands and commas mark decimals, so that "3.66" or "1,234.5" is refused, not misread.
    Returns the number as decimal(precision, decimals), or null when the text is not such a number
    (more decimals than `decimals` is not such a number either: nothing is rounded here).
    An expression of the text alone, as DuckDB works it out once per distinct text of a Parquet file, not per row.
-#}
{% macro printed_number(text, decimals=4, precision=18) -%}
    case
        when {{ is_written_like(text, '-?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]{1,' ~ decimals ~ '})?%?') }}
            then try_cast(
                replace(replace(replace({{ text }}, '.', ''), ',', '.'), '%', '')
                as decimal({{ precision }}, {{ decimals }})
            )
    end
{%- endmacro %}


{#-
    What is a number in a text as documents write it, in the usual style: without Rp, the percent sign or a unit beside
    it ("12 Dokumen"), brackets as a minus, decimals of a document with decimal points after a comma. Blank if the text
    does not begin with a number. Needs document_id in scope.
-#}
{% macro usual_number(text) -%}
    concat(
        case when {{ is_written_like(text, '[^0-9]*[-(].*') }} then '-' else '' end,
        {{ in_usual_style('regexp_extract(' ~ text ~ ", '^[-(]?(?:Rp[.]? ?)?-?([0-9][0-9.,]*?)(?:,-+)?[)]?(?: ?%| [A-Za-z].*)?$', 1)") }}
    )
{%- endmacro %}


{#- A number of a document with decimal points, as others write it; the register says which documents these are. -#}
{% macro in_usual_style(text) -%}
    case
        when array_contains(
            (
                select {{ sorted_list('register.document_id') }}
                from {{ ref('document_register') }} as register
                where register.number_style like '%.5'
            ),
            document_id
        )
            then translate({{ text }}, '.,', ',.')
        else {{ text }}
    end
{%- endmacro %}


{#-
    The same for a cell of a raw seed, where anything else stops the build with one message that names
    file, document, table, row, column and text. Null only when the cell is blank or holds one of `printed_words`; with
    `words`, also when it begins with a letter or a sign of comparison: what a target is need not be a number.
-#}
{% macro number_cell(seed, column, decimals=4, precision=18, words=false) -%}
    coalesce(
        {{ printed_number(column, decimals, precision) }},
        case
            when {{ column }} not in (select words.printed_text from {{ ref('printed_words') }} as words)
                {%- if words %}
                and not {{ is_written_like(column, '(?:[A-Za-z]|[^-0-9A-Za-z(]).*') }}
                {%- endif %}
                then coalesce(
                    {{ printed_number(usual_number(column), decimals, precision) }},
                    {{ cell_error(seed, column, 'a number written like 3,66 or 1.234.567, or one of the words in seeds/reference/printed_words.csv') }}
                )
        end
    )
{%- endmacro %}


{#- A score: a number below 100,000, narrow enough that sums over millions of scores stay in 64 bits as they are added. -#}
{% macro score_cell(seed, column) -%}
    {{ number_cell(seed, column, decimals=4, precision=9) }}
{%- endmacro %}


{#-
    An amount in rupiah, in any form that a document prints it, in a unit of so many rupiah; decimals only of a larger
    unit. Blank is null; anything else stops the build.
-#}
{% macro rupiah_cell(seed, column, rupiah_per_unit) -%}
    case
        when {{ column }} is null then null
        when {{ is_written_like(column, '-?[0-9]{1,3}([.][0-9]{3})*') }}
            then cast(cast(replace({{ column }}, '.', '') as bigint) * {{ rupiah_per_unit }} as decimal(18, 0))
        when {{ is_written_like(usual_number(column), '-?([0-9]{1,3}([.][0-9]{3})*|[0-9]+)(,00?)?') }}
            then cast(
                cast(replace({{ replace_matches(usual_number(column), ',00?$', '') }}, '.', '') as bigint)
                * {{ rupiah_per_unit }} as decimal(18, 0)
            )
        when
            {{ rupiah_per_unit }} > 1
            and {{ is_written_like(usual_number(column), '-?([0-9]{1,3}([.][0-9]{3})*|[0-9]+),[0-9]{1,4}') }}
            then cast({{ printed_number(usual_number(column)) }} * {{ rupiah_per_unit }} as decimal(18, 0))
        else {{ cell_error(seed, column, 'whole rupiah written like 1.234.567') }}
    end
{%- endmacro %}


{#- The step of such an amount, in rupiah: its unit by ten to the power of its decimals, at least one. Most forms print
    whole rupiah, of which no decimals need be counted. -#}
{% macro rupiah_step(column, rupiah_per_unit) -%}
    case
        when {{ rupiah_per_unit }} = 1 then cast(1 as decimal(10, 0))
        else cast(
            greatest({{ whole_quotient(
                rupiah_per_unit,
                'case ' ~ printed_decimals(column) ~ ' when 0 then 1 when 1 then 10 when 2 then 100 when 3 then 1000 else 10000 end'
            ) }}, 1) as decimal(10, 0)
        )
    end
{%- endmacro %}


{#- How far the true amount may be from the printed one: whole rupiah are exact. -#}
{% macro rupiah_half_step(step) -%}
    case when {{ step }} > 1 then cast({{ step }} * 0.5 as bigint) else 0 end
{%- endmacro %}


{#- How many decimals the text prints: the step of the figure is 10 to the minus that. -#}
{% macro printed_decimals(text) -%}
    case when {{ text }} like '%,%' then length(regexp_extract({{ text }}, ',([0-9]*)', 1)) else 0 end
{%- endmacro %}
