-- Nothing is lost on the way to the marts: each table has its rows, each printed number a rule or a reason for none,
-- each evaluated region all that its index is made of, each official region its line or its place among the missing
-- ones, and each note its labels and component.
with coverage as (
    select * from {{ ref('source_coverage') }}
),

components as (
    select * from {{ ref('score_components') }}
),

rows_of_tables as (
    {%- for mart, table in {
        'smart_city': "'results'", 'public_service': 'table_id', 'target_achievement': 'table_id', 'recommendations': 'note_kind'
    }.items() %}
        select
            document_id,
            cast({{ table }} as string) as table_id,
            count(*) as mart_rows
        from {{ ref(mart) }}
        group by all
        union all
    {%- endfor %}
    select
        document_id,
        table_id,
        count(*) as mart_rows
    from {{ ref('budget_realization') }}
    where is_printed
    group by document_id, table_id
),

lost_rows as (
    select
        concat_ws(
            '',
            coalesce(coverage.document_id, tables.document_id),
            ', table ',
            coalesce(coverage.table_id, tables.table_id),
            ': ',
            tables.mart_rows,
            ' rows in its mart, source_coverage has ',
            coverage.printed_rows,
            ' of ',
            coverage.expected_rows
        ) as message
    from rows_of_tables as tables
    left join coverage
        on
            tables.document_id = coverage.document_id
            and tables.table_id = coverage.table_id
            and coverage.column_block = 'all columns'
    where
        tables.mart_rows is distinct from coverage.printed_rows
        or tables.mart_rows is distinct from coverage.expected_rows
),

lost_cells as (
    select
        concat_ws(
            '',
            document_id,
            ', table ',
            table_id,
            ', ',
            column_block,
            ': ',
            printed_cells,
            ' of ',
            expected_cells,
            ' cells in ',
            printed_rows,
            ' of ',
            expected_rows, ' rows'
        ) as message
    from coverage
    where
        not coalesce(
            printed_rows between 0 and expected_rows
            -- A page block can print a value more than it has headings.
            and (printed_cells between 0 and expected_cells or column_block like 'columns %')
            and (printed_rows = 0) = (printed_cells = 0)
            and mod(expected_cells, expected_rows) = 0,
            false
        )
),

-- Every registered table has its rows of coverage, and no other table; of a table that runs over page blocks, the
-- blocks have a cell for each heading and row.
tables as (
    select
        document_id,
        table_id,
        count(*) as blocks,
        max(expected_rows) as expected_rows,
        sum(expected_cells) as expected_cells,
        max(column_block) like 'columns %' as is_in_blocks
    from coverage
    where column_block not in (select regions.region_type from {{ ref('regions') }} as regions)
    group by document_id, table_id
),

headings as (
    select
        documents.document_id,
        count(*) as headings
    from {{ ref('documents') }} as documents
    inner join {{ ref('detail_headings') }} as headings
        on
            documents.instrument = headings.instrument
            and {{ holds_in('headings', 'documents.edition_year') }}
    group by documents.document_id
),

registered as (
    select distinct
        document_id,
        table_id
    from {{ ref('expected_rows') }}
    -- Headings are no figures.
    where seed_name not in ('{{ var('printed_tables').page_block_headings | join("', '") }}')
),

strange_tables as (
    select
        concat_ws(
            ', ', 'source_coverage', coalesce(tables.document_id, registered.document_id),
            concat('table ', coalesce(tables.table_id, registered.table_id)),
            concat_ws('', tables.blocks, ' block(s) with ', tables.expected_cells, ' cells'),
            case when registered.table_id is null then 'no such table is registered' end
        ) as message
    from tables
    full join registered
        on
            tables.document_id = registered.document_id
            and tables.table_id = registered.table_id
    left join headings on tables.document_id = headings.document_id
    where
        tables.table_id is null
        or registered.table_id is null
        or tables.is_in_blocks
        and tables.expected_cells is distinct from tables.expected_rows * headings.headings
),

figures as (
    select
        document_id,
        table_id,
        count(*) as printed
    from {{ ref('int_quality__printed_figures') }}
    group by document_id, table_id
),

checked_figures as (
    select
        document_id,
        table_id,
        count(distinct concat(row_no, ' ', column_name)) as checked
    from {{ ref('reconciliation') }}
    where published is not null
    group by document_id, table_id
),

unchecked_figures as (
    select
        document_id,
        table_id,
        sum(figures) as unchecked
    from {{ ref('unchecked_figures') }}
    group by document_id, table_id
),

-- A wide table is covered block by block.
blocks as (
    select
        document_id,
        table_id,
        sum(printed_cells) as printed
    from coverage
    where column_block like 'columns %'
    group by document_id, table_id
),

lost_figures as (
    select
        concat_ws(
            '',
            figures.document_id,
            ', table ',
            figures.table_id,
            ': ',
            figures.printed,
            ' printed numbers, ',
            checked_figures.checked,
            ' with a rule and ',
            unchecked_figures.unchecked,
            ' with a reason for none',
            ', ' || blocks.printed || ' covered'
        ) as message
    from figures
    left join checked_figures
        on
            figures.document_id = checked_figures.document_id
            and figures.table_id = checked_figures.table_id
    left join unchecked_figures
        on
            figures.document_id = unchecked_figures.document_id
            and figures.table_id = unchecked_figures.table_id
    left join blocks
        on
            figures.document_id = blocks.document_id
            and figures.table_id = blocks.table_id
    where
        figures.printed != coalesce(checked_figures.checked, 0) + coalesce(unchecked_figures.unchecked, 0)
        or figures.printed != coalesce(blocks.printed, figures.printed)
),

totals as (
    select
        scores.document_id,
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        scores.component_code
    from {{ ref('index_scores') }} as scores
    where
        scores.component_level = 'index'
        and scores.absence_code is null
),

lost_scores as (
    select
        concat_ws(
            ', ',
            'index_scores',
            totals.document_id,
            totals.edition_year,
            totals.region_code,
            components.component_code || ': no row, though the region was evaluated'
        ) as message
    from totals
    inner join components
        on
            totals.instrument = components.instrument
            and totals.edition_year = components.edition_year
            and totals.component_code = components.parent_code
    left join {{ ref('index_scores') }} as scores
        on
            totals.document_id = scores.document_id
            and totals.edition_year = scores.edition_year
            and totals.region_code = scores.region_code
            and components.component_code = scores.component_code
    where scores.component_code is null
),

-- National lists name a region, or it is missing.
named as (
    select
        document_id,
        region_code,
        'named' as standing
    from {{ ref('public_service') }}
    union all
    select
        document_id,
        region_code,
        'missing' as standing
    from {{ ref('missing_regions') }}
),

standings as (
    select
        documents.document_id,
        regions.region_type,
        regions.region_code,
        regions.region_name,
        regions.province_code,
        max(named.standing) as standing,
        count(named.standing) as places
    from (select distinct lists.document_id from named as lists) as documents
    cross join {{ ref('regions') }} as regions
    left join named
        on
            documents.document_id = named.document_id
            and regions.region_code = named.region_code
    group by all
),

counted as (
    select
        document_id,
        region_type,
        count(*) as regions,
        count(case when standing = 'named' then 1 end) as named,
        {{ joined_text("case when standing = 'missing' then region_code end", ', ', 'region_code') }} as codes,
        {{ joined_text("case when standing = 'missing' then region_name end", ', ', 'region_code') }} as names
    from standings
    group by document_id, region_type
),

lost_regions as (
    select
        concat_ws(
            '', document_id, ': region ', region_code, ' is named or missing in ', places, ' places, must be one'
        ) as message
    from standings
    where places != 1
    union all
    select
        concat_ws(
            '', missing.document_id, ': missing region ', missing.region_code,
            ' has another name, kind or province than in regions'
        ) as message
    from {{ ref('missing_regions') }} as missing
    inner join standings
        on
            missing.document_id = standings.document_id
            and missing.region_code = standings.region_code
    where
        missing.region_name is distinct from standings.region_name
        or missing.region_type is distinct from standings.region_type
        or missing.province_code is distinct from standings.province_code
    union all
    select
        concat_ws(
            '',
            coverage.document_id,
            ', ',
            coverage.column_block,
            ': ',
            coverage.printed_rows,
            ' of ',
            coverage.expected_rows,
            ' regions and the missing ',
            coverage.missing_region_codes, '; counted ', counted.named, ' of ', counted.regions, ' and ', counted.codes
        ) as message
    from coverage
    inner join counted
        on
            coverage.document_id = counted.document_id
            and coverage.column_block = counted.region_type
    where
        coverage.expected_rows != counted.regions
        or coverage.printed_rows != counted.named
        or coverage.expected_cells != counted.regions
        or coverage.printed_cells != counted.named
        or coverage.missing_region_codes is distinct from counted.codes
        or coverage.missing_region_names is distinct from counted.names
),

-- A note of an evaluation says by its letter, or by its topic, which component it is about.
notes as (
    select
        notes.*,
        topics.label_id,
        topics.label_en,
        documents.edition_year,
        documents.instrument,
        instr('abcdefghijklmnopqrstuvwxyz', coalesce(notes.letter, topics.note_component)) as place
    from {{ ref('notes') }} as notes
    inner join {{ ref('documents') }} as documents on notes.document_id = documents.document_id
    left join {{ ref('note_topics') }} as topics on notes.topic_code = topics.topic_code
),

lost_notes as (
    select
        concat_ws(
            '', notes.document_id, ', ', notes.table_id, ' ', notes.row_no,
            ': recommendations does not have the note with its mark, topic, labels and component'
        ) as message
    from notes
    left join components
        on
            notes.instrument = components.instrument
            and notes.edition_year = components.edition_year
            and notes.instrument = components.parent_code
            and notes.place = components.sort_order
    left join {{ ref('recommendations') }} as noted
        on
            notes.document_id = noted.document_id
            and notes.table_id = noted.note_kind
            and notes.row_no = noted.note_no
    where
        noted.note_no is null
        or noted.note_mark is distinct from notes.note_no
        or noted.source_line is distinct from notes.source_line
        or noted.topic_code is distinct from notes.topic_code
        or coalesce(noted.label_id, '') != coalesce(notes.label_id, ' ')
        or coalesce(noted.label_en, '') != coalesce(notes.label_en, ' ')
        or noted.component_code is distinct from components.component_code
)

select message from lost_rows
union all
select message from lost_cells
union all
select message from strange_tables
union all
select message from lost_figures
union all
select message from lost_scores
union all
select message from lost_regions
union all
select message from lost_notes
