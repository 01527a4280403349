{#-
    One row per row of seeds/reference/expected_figures.csv that is not what its mart has. A row of the seed names its
    mart, its row there and its column itself, so the query is written once the seed is loaded: one join per mart and
    set of columns by which rows are found. A mart with `meta: {tells_of: latest}` leaves a document for a later one of
    its kind: a row that is not there is no fault then.
-#}
{% macro figures_that_differ(expected, marts) %}
    {%- set by_name = {} -%}
    {%- for mart in marts -%}{%- do by_name.update({mart.identifier: mart}) -%}{%- endfor -%}
    {%- set comparisons = [] -%}
    {%- for (mart, names), columns in figure_shapes(expected).items() -%}
        {%- do comparisons.append(found_figures(mart, by_name.get(mart), names, columns)) -%}
    {%- endfor -%}
    with expected as (
        select
            *,
            {{ names_in('mart_row') }} as names
        from {{ expected }}
    ),

    compared as ({{ comparisons | join(' union all ') or found_figures('', none, '', []) }})

    select concat_ws(
        '',
        'seeds/reference/expected_figures.csv: ', concat_ws(', ', document_id, mart, mart_row, column_name), ': ',
        coalesce(value, 'nothing'), ' was read in ', read_from,
        case
            when rows_found is null then ', but there is no such mart or column'
            when column_name = 'rows' or rows_found != 1 then concat(', but there are ', rows_found, ' such rows')
            else concat(', but the mart has ', coalesce(found, 'nothing'))
        end
    ) as message
    from compared
    where
        case
            when rows_found is null then true
            when column_name = 'rows' then concat(rows_found) != value
            when rows_found = 0 and tells_of_latest then false
            when rows_found != 1 then true
            when found is null or value is null then coalesce(found, value) is not null
            when is_number then coalesce(cast(found as decimal(38, 12)) != try_cast(value as decimal(38, 12)), true)
            else found != value
        end
{% endmacro %}


{#- The columns by which a row is found: region_code;rank for "region_code=15.71;rank=1". -#}
{% macro names_in(mart_row) -%}
    {{ replace_matches("coalesce(" ~ mart_row ~ ", '')", '=[^;]*', '') }}
{%- endmacro %}


{#- (mart, names) → columns of which figures are expected; nothing before the seed is loaded. -#}
{% macro figure_shapes(expected) %}
    {%- set shapes = {} -%}
    {%- if execute and adapter.get_relation(expected.database, expected.schema, expected.identifier) -%}
        {%- set query = 'select distinct mart, ' ~ names_in('mart_row') ~ ' as names, column_name from ' ~ expected ~ ' order by 1, 2, 3' -%}
        {%- for mart, names, column in run_query(query).rows -%}
            {%- do shapes.setdefault((mart, names), []).append(column) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(shapes) }}
{% endmacro %}


{#- The expected figures of one mart that are found by the same columns, each with what is found there, as text. -#}
{% macro found_figures(mart, relation, names, columns) %}
    {%- set types, meta = {}, {} -%}
    {%- for node in (graph.nodes.values() if execute else []) if node.name == mart and node.resource_type in ['model', 'seed'] -%}
        {%- do meta.update(node.config.meta or {}) -%}
        {%- for column in node.columns.values() -%}{%- do types.update({column.name: column.data_type}) -%}{%- endfor -%}
    {%- endfor -%}
    {%- set keys = names.split(';') | select | list -%}
    {%- set known = columns | select('in', types) | list -%}
    {%- set is_known = relation and not keys | reject('in', types) | list -%}
    {%- set numbers = [] -%}
    {%- for column in known if types[column].startswith('decimal') or types[column] in ['integer', 'bigint'] -%}
        {%- do numbers.append(column) -%}
    {%- endfor -%}
    select
        expected.document_id,
        expected.mart,
        expected.mart_row,
        expected.column_name,
        expected.value,
        expected.read_from,
        expected.column_name in ('{{ numbers | join("', '") }}') as is_number,
        {{ meta.tells_of == 'latest' }} as tells_of_latest,
    {%- if is_known %}
        case when expected.column_name in ('rows', '{{ known | join("', '") }}') then count(mart_rows.is_row) end as rows_found,
        min(
            case expected.column_name
                when 'rows' then null
                {%- for column in known %}
                when '{{ column }}' then cast(mart_rows.{{ column }} as string)
                {%- endfor %}
            end
        ) as found
    {%- else %}
        cast(null as bigint) as rows_found,
        cast(null as string) as found
    {%- endif %}
    from expected
    {%- if is_known %}
    left join (select *, true as is_row from {{ relation }}) as mart_rows
        on
            {{ 'expected.document_id = mart_rows.document_id' if 'document_id' in types else 'true' }}
            {%- for key in keys %}
            and cast(mart_rows.{{ key }} as string) = split_part(split_part(expected.mart_row, ';', {{ loop.index }}), '=', 2)
            {%- endfor %}
    {%- endif %}
    where expected.mart = '{{ mart }}' and expected.names = '{{ names }}'
    group by
        expected.document_id, expected.mart, expected.mart_row, expected.column_name, expected.value, expected.read_from
{% endmacro %}
