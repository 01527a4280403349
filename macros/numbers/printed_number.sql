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
    The same for a cell of a raw seed, where anything else stops the build with one message that names
    file, document, table, row, column and text. Null only when the cell is blank or holds one of `printed_words`.
-#}
{% macro number_cell(seed, column, decimals=4, precision=18) -%}
    coalesce(
        {{ printed_number(column, decimals, precision) }},
        case
            when {{ column }} not in (select words.printed_text from {{ ref('printed_words') }} as words)
                then {{ cell_error(seed, column, 'a number written like 3,66 or 1.234.567, or one of the words in seeds/reference/printed_words.csv') }}
        end
    )
{%- endmacro %}


{#- A score: a number below 100,000, narrow enough that sums over millions of scores stay in 64 bits as they are added. -#}
{% macro score_cell(seed, column) -%}
    {{ number_cell(seed, column, decimals=4, precision=9) }}
{%- endmacro %}


{#- Whole rupiah: dots between thousands, nothing else. Blank is null; anything else stops the build. -#}
{% macro rupiah_cell(seed, column) -%}
    case
        when {{ column }} is null then null
        when {{ is_written_like(column, '-?[0-9]{1,3}([.][0-9]{3})*') }}
            then cast(replace({{ column }}, '.', '') as decimal(18, 0))
        else {{ cell_error(seed, column, 'whole rupiah written like 1.234.567') }}
    end
{%- endmacro %}


{#- How many decimals the text prints: the step of the figure is 10 to the minus that. -#}
{% macro printed_decimals(text) -%}
    case when {{ text }} like '%,%' then length(regexp_extract({{ text }}, ',([0-9]*)', 1)) else 0 end
{%- endmacro %}
