{%- set kinds = [
    'addressees', 'numbered_list', 'bands', 'form_targets', 'form_budget', 'year_columns', 'notes'
] -%}

with registered as (
    select * from {{ ref('expected_rows') }}
),

printed as (
    {%- for table in tables_of(kinds) %}
        {%- set columns = columns_holding(table, printed_cells()) | map(attribute='name') | list %}
        select
            document_id,
            table_id,
            'all columns' as column_block,
            count(*) as printed_rows,
            count(*) * {{ columns | length }} as expected_cells,
            {{ sum_of_counts(columns) }} as printed_cells
        from {{ table.relation }}
        group by document_id, table_id
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

tables as (
    select
        registered.document_id,
        registered.table_id,
        printed.column_block,
        registered.expected_rows,
        printed.printed_rows,
        printed.expected_cells,
        printed.printed_cells,
        cast(null as string) as missing_region_codes,
        cast(null as string) as missing_region_names
    from registered
    inner join printed
        on
            registered.document_id = printed.document_id
            and registered.table_id = printed.table_id
),

missing as (
    select
        document_id,
        region_type,
        count(*) as missing_rows,
        {{ joined_text('region_code', ', ', 'region_code') }} as missing_region_codes,
        {{ joined_text('region_name', ', ', 'region_code') }} as missing_region_names
    from {{ ref('missing_regions') }}
    group by document_id, region_type
),

official as (
    select
        region_type,
        count(*) as expected_rows
    from {{ ref('official_regions') }}
    group by region_type
),

-- All lists of a national document together, by kind of government.
lists as (
    select
        documents.document_id,
        documents.all_tables_id as table_id,
        official.region_type as column_block,
        official.expected_rows,
        official.expected_rows - coalesce(missing.missing_rows, 0) as printed_rows,
        official.expected_rows as expected_cells,
        official.expected_rows - coalesce(missing.missing_rows, 0) as printed_cells,
        missing.missing_region_codes,
        missing.missing_region_names
    from (
        select distinct
            document_id,
            all_tables_id
        from {{ ref('stg_lists__names') }}
        where is_national
    ) as documents
    cross join official
    left join missing
        on
            documents.document_id = missing.document_id
            and official.region_type = missing.region_type
),

coverage as (
    select * from tables
    union all
    select
        document_id,
        table_id,
        column_block,
        expected_rows,
        printed_rows,
        expected_cells,
        printed_cells,
        null as missing_region_codes,
        null as missing_region_names
    from {{ ref('int_page_blocks__coverage') }}
    union all
    select * from lists
)

select
    document_id,
    table_id,
    column_block,
    cast(expected_rows as integer) as expected_rows,
    cast(printed_rows as integer) as printed_rows,
    cast(expected_cells as integer) as expected_cells,
    cast(printed_cells as integer) as printed_cells,
    missing_region_codes,
    missing_region_names
from coverage
