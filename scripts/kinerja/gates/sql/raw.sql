{#-
    What breaks the raw gate's rules: one macro per rule of rules.py, over files that were loaded cell by cell as text.

    Each gives rows with csv_line (the line of the file), column_name, value, problem (where a rule knows several) and
    message. A reference seed stands under its own name.
-#}

{#- The cell is blank. -#}
{% macro filled(table, column) %}
select
    csv_line, {{ column.name | literal }} as column_name, null as value,
    'the cell is blank' as message
from {{ table.name | quoted }}
where {{ column.name | quoted }} is null
{% endmacro %}


{#- The cell is no value of its reference seed. -#}
{% macro vocabulary(table, column) %}
select
    csv_line, {{ column.name | literal }} as column_name, {{ column.name | quoted }} as value,
    'not in seeds/reference/{{ column.cell.among.split(".")[0] }}.csv' as message
from {{ table.name | quoted }}
where {{ column.name | quoted }} not in ({{ known_values(table, column.cell) }})
{% endmacro %}


{#- The cell is not written as its kind is; of a number, what is wrong with it. -#}
{% macro format(table, column) %}
{% set kind = column.cell %}
select
    csv_line, {{ column.name | literal }} as column_name, cell as value,
    {% if kind.number %}
    diagnosis[1] as problem,
    concat(diagnosis[2], {{ ("; expected " ~ kind.label.en) | literal }}) as message
    {% else %}
    {{ ("not " ~ kind.label.en) | literal }} as message
    {% endif %}
from (
    select
        csv_line,
        cell,
        case
            when regexp_matches(cell, '[^-0-9.,%\s]') then ['text_in_number', 'text in a number']
            when regexp_matches(cell, '\s') then ['text_in_number', 'a space in a number']
            {# Whole rupiah have thousands and no decimals. #}
            {% if kind.name == "amount" %}
            when contains(cell, ',') then ['thousands_separator', 'whole rupiah have no comma']
            else ['thousands_separator', 'dots must stand before each three digits']
            {% else %}
            when regexp_full_match(cell, '-?\d+(,\d{3}){2,}(\.\d+)?%?|-?\d{1,3}(,\d{3})+\.\d+%?')
                then ['thousands_separator', 'commas between thousands; decimals follow a comma, thousands a dot']
            when regexp_full_match(cell, '-?\d*\.\d+%?')
                then ['decimal_point', 'a decimal point where a decimal comma belongs']
            when contains(cell, '.') then ['thousands_separator', 'dots where no thousands begin']
            else ['number_format', 'not a number of this column']
            {% endif %}
        end as diagnosis
    from (
        select csv_line, {{ column.name | quoted }} as cell
        from {{ table.name | quoted }}
        where not {{ is_written(column) }}
    )
    where
        true
        {% if kind.among or kind.words %}
        and cell not in ({{ known_values(table, kind) }})
        {% endif %}
)
{% endmacro %}


{#- The number is outside the bounds that the column declares. -#}
{% macro bounds(table, column) %}
{% set low, high = column.between %}
select
    csv_line, {{ column.name | literal }} as column_name, cell as value,
    'outside {{ column.between | span }}' as message
from (
    select csv_line, {{ column.name | quoted }} as cell, {{ figure(column) }} as figure
    from {{ table.name | quoted }}
    where {{ is_not_allowed(column.name ~ ".bounds") }}
)
where figure < {{ low | literal }} or figure > {{ high | literal }}
{% endmacro %}


{#- Nobody allowed the document to break the rule (`ingest --allow`, kept in its register with the reason). -#}
{% macro is_not_allowed(rule) -%}
    document_id not in (
        select document_id from document_register
        where contains(concat('; ', decisions), {{ ("; allow." ~ rule ~ "=") | literal }}) and document_id is not null
    )
{%- endmacro %}


{#- The cell in the usual style, 1.234,5: a document of another style says so in the register. -#}
{% macro usual(column) -%}
    case
        when document_id in (select document_id from document_register where number_style like '%.5')
            then translate({{ column.name | quoted }}, '.,', ',.')
        else {{ column.name | quoted }}
    end
{%- endmacro %}


{#- The cell is written as its kind is, in the style of its document. -#}
{% macro is_written(column) -%}
    {%- if column.cell.number -%}
        regexp_full_match(
            case
                when document_id in (select document_id from document_register where number_style like '1234%')
                    then regexp_replace({{ usual(column) }}, '[0-9]{4,}', '999')
                else {{ usual(column) }}
            end,
            {{ column.cell.pattern | literal }}
        )
    {%- else -%}
        regexp_full_match({{ column.name | quoted }}, {{ column.cell.pattern | literal }})
    {%- endif -%}
{%- endmacro %}


{#-
    The score is outside the scale of its component in the edition's tree, and the register does not hold it. A finding's
    id is rule:document:table:region/component:column; a cell that its position places is known there by that position.
-#}
{% macro scale(table, column) %}
{% set has_years = "edition_year" in table.names %}
{% set by_letter = column.component_by == "letter" %}
with cells as (
    select
        csv_line,
        document_id,
        table_id,
        {{ table.region.name | quoted if table.region else "null" }} as printed_name,
        {{ column.name | quoted }} as cell,
        {{ figure(column) }} as figure,
        {% if has_years %}
        edition_year,
        {% else %}
        (
            select any_value(edition_year) from document_register as register
            where register.document_id = printed.document_id
        ) as edition_year,
        {% endif %}
        {{ "coalesce(" ~ table.holding("letter")[0].name | quoted ~ ", '')" if by_letter else "''" }} as mark,
        {% if column.component_by == "position" %}
        concat_ws(':', {{ table.order | reject("eq", "row_no") | names }}) as place
        {% else %}
        {{ "edition_year" if has_years else column.name | literal }} as place
        {% endif %}
    from {{ table.name | quoted }} as printed
),

scales as (
    select
        edition_year,
        {{ "case when parent_code = " ~ column.of | literal ~ " then letter else '' end" if by_letter else "''" }} as mark,
        min(score_min) as score_min,
        max(score_max) as score_max
    from edition_components
    where
        instrument = {{ table.instrument | literal }}
        {% if column.component %}
        and component_code = {{ column.component | literal }}
        {% elif by_letter %}
        and {{ column.of | literal }} in (component_code, parent_code)
        {% else %}
        and is_leaf
        {% endif %}
    group by all
)

select
    cells.csv_line, {{ column.name | literal }} as column_name, cells.cell as value,
    concat('outside the scale ', cast(scales.score_min as double), '–', cast(scales.score_max as double)) as message
from cells
inner join scales on cells.edition_year = scales.edition_year and cells.mark = scales.mark
where
    cells.figure not between scales.score_min and scales.score_max
    and not exists (
        select 1
        from known_discrepancies as register
        inner join region_names as names on cells.printed_name = names.printed_name
        where
            starts_with(
                register.finding_id,
                concat('index.scale:', cells.document_id, ':', cells.table_id, ':', names.region_code, '/')
            )
            and ends_with(register.finding_id, concat(':', cells.place))
    )
{% endmacro %}


{#-
    The components of every edition: scales, the letter by which a list may print them (in their order below one parent),
    and whether they are the lowest of their tree (a difference stands beside it). The gate has them as a table.
-#}
{% macro edition_components() %}
with editions as (
    select
        years.edition_year,
        trees.*
    from (select cast(unnest(range(2000, 2100)) as varchar) as edition_year) as years
    inner join score_trees as trees
        on years.edition_year between trees.valid_from and coalesce(trees.valid_to, '9999')
)

select
    instrument,
    edition_year,
    component_code,
    parent_code,
    chr(cast(96 + rank() over (
        partition by instrument, edition_year, parent_code order by cast(sort_order as integer)
    ) as integer)) as letter,
    parent_code is not null
    and (instrument, edition_year, component_code)
    not in (select (instrument, edition_year, parent_code) from editions where parent_code is not null) as is_leaf,
    cast(score_min as decimal(18, 4)) as score_min,
    cast(score_max as decimal(18, 4)) as score_max
from editions
{% endmacro %}


{#- Cells with traces of another encoding, control characters or outer blanks. -#}
{% macro text(table, columns) %}
{# Ã, Â or â before a sign of the Latin-1 range: UTF-8 that was read as Latin-1 and saved again. #}
{% set wrong = "[\\x{FFFD}]|[ÃÂ][\\x{0080}-\\x{00BF}]|â[\\x{0080}-\\x{00BF}\\x{20AC}]" %}
{% set control = "[\\x00-\\x1e\\x7f]" %}
select
    csv_line,
    cell.column_name,
    cell.value,
    case
        when regexp_matches(cell.value, '{{ wrong }}') then 'encoding'
        when regexp_matches(cell.value, '{{ control }}') then 'control_character'
        else 'outer_blank'
    end as problem,
    case problem
        when 'encoding' then 'characters of another encoding than UTF-8'
        when 'control_character' then 'a line break, tab or other control character inside the cell'
        else 'blanks before or after the text'
    end as message
from (
    select
        csv_line,
        unnest([
            {% for column in columns %}
            {'column_name': {{ column | literal }}, 'value': {{ column | quoted }}}{{ "," if not loop.last }}
            {% endfor %}
        ]) as cell
    from {{ table.name | quoted }}
    -- One look at the whole row: nearly all are clean.
    where regexp_matches(
        concat_ws(chr(31), {{ columns | names }}),
        '{{ wrong }}|{{ control }}|(^|\x1f)\s|\s(\x1f|$)'
    )
)
where regexp_matches(cell.value, '{{ wrong }}|{{ control }}|^\s|\s$')
{% endmacro %}


{#-
    Rows that stand again: the second and later ones, naming the first. Two names of one region are one. Without its last
    column a row says nothing: entries that are blank in the document may repeat.
-#}
{% macro repeated(table, columns) %}
select
    csv_line,
    {{ columns | join(" | ") | literal }} as column_name,
    value,
    'repeated_row' as problem,
    concat('the same as line ', first_line) as message
from (
    select
        cells.csv_line,
        concat_ws(' | ', {% for column in columns %}cells.{{ column | quoted }}{{ ", " if not loop.last }}{% endfor %}) as value,
        min(cells.csv_line) over (
            partition by
            {% for column in columns %}
            {% if table.column(column).is_region %}
            coalesce(
                (select any_value(region_code) from region_names where printed_name = cells.{{ column | quoted }}),
                cells.{{ column | quoted }}
            )
            {%- else %}
            cells.{{ column | quoted }}
            {%- endif %}
            {{- "," if not loop.last }}
            {% endfor %}
        ) as first_line
    from {{ table.name | quoted }} as cells
    where cells.{{ columns[-1] | quoted }} is not null and {{ is_not_allowed("once") }}
)
where csv_line > first_line
{% endmacro %}


{#- Documents of which a figure, such as a mean, is not plausible. -#}
{% macro plausible(table, bound) %}
{% set low, high = bound.between %}
select
    concat(document_id, ': ', round(cast(figure as double), 3)) as value,
    {{ (bound.label.en ~ " (expected " ~ bound.between | span ~ ")") | literal }} as message
from (
    select
        document_id,
        {{ bound.value }} as figure
    from (
        select
            *
            {% for column in table.figures %}
            , {{ figure(column) }} as {{ (column.name ~ "_number") | quoted }}
            {% endfor %}
        from {{ table.name | quoted }}
        where {{ is_not_allowed("document." ~ bound.name) }}
    )
    group by document_id
    having count(*) >= {{ bound.rows }}
)
where figure < {{ low | literal }} or figure > {{ high | literal }}
{% endmacro %}


{#- What the figures of each document and part add up to, and how often each word stands there. -#}
{% macro totals(table) %}
{% for column in table.figures %}
select
    {{ table.name | literal }} as seed_name,
    document_id,
    table_id,
    {{ column.name | literal }} as column_name,
    case when {{ figure(column) }} is null then {{ column.name | quoted }} else '' end as word,
    count(*) as cells,
    coalesce(sum({{ figure(column) }}), 0) as total
from {{ table.name | quoted }}
where {{ column.name | quoted }} is not null and document_id is not null and table_id is not null
group by all
{{ "union all" if not loop.last }}
{% endfor %}
{% endmacro %}


{#- What is to be written down when these documents are accepted: their totals as they are now, those of others as they
    were. Written without needless zeros, and no total for a word. -#}
{% macro totals_to_write(tables, documents) %}
select seed_name, document_id, table_id, column_name, word, cells, total, basis
from control_totals
where document_id not in ({{ documents | literals }})
{% for table in tables if table.figures %}
union all
select
    seed_name, document_id, table_id, column_name, word, cells,
    case when word = '' then regexp_replace(cast(total as varchar), '\.?0+$', '') end,
    'read'
from ({{ totals(table) }})
where document_id in ({{ documents | literals }})
{% endfor %}
{% endmacro %}


{#- Totals other than those accepted, of documents that have some; not of those that are being accepted now. -#}
{% macro other_totals(table, accepted) %}
with found as ({{ totals(table) }}),

accepted as (
    select * replace (
        coalesce(word, '') as word,
        cast(cells as bigint) as cells,
        coalesce(cast(total as decimal(38, 4)), 0) as total
    )
    from control_totals
    where seed_name = {{ table.name | literal }}
)

select
    column_name,
    concat_ws(' ', document_id, table_id, nullif(word, '')) as value,
    'control_total' as problem,
    concat(
        coalesce(found.cells, 0), ' cells',
        case when word = '' then concat(' that add up to ', coalesce(found.total, 0)) else '' end,
        '; accepted were ', coalesce(accepted.cells, 0), ' cells',
        case when word = '' then concat(' that add up to ', coalesce(accepted.total, 0)) else '' end
    ) as message
from found
full join accepted using (seed_name, document_id, table_id, column_name, word)
where
    document_id in (select document_id from accepted)
    and document_id not in ({{ accepted | literals }})
    and (found.cells is distinct from accepted.cells or found.total is distinct from accepted.total)
{% endmacro %}


{#-
    A cell as a decimal; null where it is not a number of its kind, such as "1e3", which a cast would take for one. What
    stands beside the number (Rp, %, a unit) is left out; brackets are a minus.
-#}
{% macro figure(column) -%}
    {%- if column.cell.number -%}
        case
            when {{ is_written(column) }} and regexp_matches({{ column.name | quoted }}, '^[-(]?(Rp[.]? ?)?-?[0-9]')
                then try_cast(
                    concat(
                        case when regexp_matches({{ column.name | quoted }}, '^[^0-9]*[-(]') then '-' else '' end,
                        replace(
                            replace(regexp_extract({{ usual(column) }}, '[0-9][0-9.]*(,[0-9]+)?'), '.', ''), ',', '.'
                        )
                    ) as decimal(18, 4)
                )
        end
    {%- else -%}
        cast(null as decimal(18, 4))
    {%- endif -%}
{%- endmacro %}


{#- A query for the values that a cell may have: those of its reference seed (of the table's instrument), words, others. -#}
{% macro known_values(table, cell) %}
{% if cell.among %}
{% set seed, field = cell.among.split(".") %}
select {{ field | quoted }} from {{ seed | quoted }}
where {{ field | quoted }} is not null
{% if seed == "grade_bands" %} and instrument = {{ table.instrument | literal }}{% endif %}
{% endif %}
{% if cell.among and cell.words %} union all {% endif %}
{% if cell.words %} select printed_text from printed_words {% endif %}
{% for value in cell.but %} union all select {{ value | literal }} {% endfor %}
{% endmacro %}
