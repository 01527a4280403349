-- Faults of a document that no recomputation shows: names, scales, bands, headings, lists.
with documents as (
    select * from {{ ref('document_register') }}
),

-- What is checked has one name for all instruments; the rule is the instrument's own.
rules as (
    select * from {{ ref('rules') }}
    where figure_kind = 'document'
),

lists as (
    select
        lists.*,
        names.region_code
    from {{ ref('stg_lists__names') }} as lists
    left join {{ ref('region_names') }} as names on lists.printed_name = names.printed_name
),

results as (
    select * from lists
    where
        is_result
        and region_code is not null
),

detail_names as (
    select
        details.document_id,
        details.table_id,
        details.row_no,
        min(details.source_line) as source_line,
        min(details.printed_name) as printed_name,
        min(names.region_code) as named_region_code,
        min(results.region_code) as region_code,
        min(results.printed_name) as result_printed_name
    from {{ ref('int_page_blocks__cells') }} as details
    inner join results
        on
            details.document_id = results.document_id
            and details.result_row_no = results.row_no
    left join {{ ref('region_names') }} as names on details.printed_name = names.printed_name
    group by details.document_id, details.table_id, details.row_no
),

wrong_names as (
    select
        'row_name' as checked_by,
        document_id,
        table_id,
        row_no,
        'region_name' as column_name,
        source_line,
        region_code as subject_code,
        printed_name as printed,
        result_printed_name as expected
    from detail_names
    where named_region_code != region_code
),

repeated_names as (
    select
        'repeated_name' as checked_by,
        document_id,
        table_id,
        min(row_no) as row_no,
        'region_name' as column_name,
        min(source_line) as source_line,
        named_region_code as subject_code,
        concat(min(printed_name), ' (', {{ joined_text('row_no', ', ', 'row_no') }}, ')') as printed,
        'one row' as expected
    from detail_names
    group by document_id, table_id, named_region_code
    having count(*) > 1
),

-- Misspelt names that no longer name any region of the list; short forms of a name are not faults.
misspelt_names as (
    select
        'spelling' as checked_by,
        printed.document_id,
        printed.table_id,
        min(printed.row_no) as row_no,
        'region_name' as column_name,
        -- A row of the detail table goes on in several blocks.
        min_by(printed.source_line, 1000 * printed.row_no + printed.block_no) as source_line,
        names.region_code as subject_code,
        printed.printed_name as printed,
        regions.region_name as expected
    from (
        select
            document_id,
            table_id,
            row_no,
            0 as block_no,
            source_line,
            printed_name
        from lists
        union all
        select
            document_id,
            table_id,
            row_no,
            block_no,
            source_line,
            printed_name
        from {{ ref('stg_page_blocks__cells') }}
    ) as printed
    inner join {{ ref('region_names') }} as names on printed.printed_name = names.printed_name
    inner join {{ ref('official_regions') }} as regions on names.region_code = regions.region_code
    where names.reason like 'misprint of %'
    group by printed.document_id, printed.table_id, names.region_code, printed.printed_name, regions.region_name
),

out_of_scale as (
    select
        'scale' as checked_by,
        scores.document_id,
        scores.table_id,
        scores.row_no,
        scores.column_name,
        scores.source_line,
        concat(scores.region_code, '/', scores.component_code) as subject_code,
        scores.score_printed as printed,
        concat(
            replace(cast(cast(components.score_min as decimal(9, 2)) as string), '.', ','), '–',
            replace(cast(cast(components.score_max as decimal(9, 2)) as string), '.', ',')
        ) as expected
    from {{ ref('int_index__printed_scores') }} as scores
    inner join {{ ref('int_index__components') }} as components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    where scores.score not between components.score_min and components.score_max
),

unheaded_columns as (
    select
        'headings' as checked_by,
        document_id,
        table_id,
        null as row_no,
        concat(block_no, ':', column_no) as column_name,
        source_line,
        -- The words around the number are the language's: they stand in the rule's sentences.
        concat('#', block_no) as subject_code,
        'values without a heading' as printed,
        'a heading for each column' as expected
    from {{ ref('stg_page_blocks__columns') }}
    where heading is null
),

overlapping_bands as (
    select
        'band_overlap' as checked_by,
        lower_band.document_id,
        lower_band.table_id,
        lower_band.row_no,
        lower_band.column_name,
        lower_band.source_line,
        lower_band.grade as subject_code,
        concat(
            lower_band.range_printed,
            ' (',
            lower_band.grade,
            '), ',
            higher_band.range_printed,
            ' (',
            higher_band.grade,
            ')'
        )
            as printed,
        'bands that share no value' as expected
    from {{ ref('stg_lists__bands') }} as lower_band
    inner join {{ ref('stg_lists__bands') }} as higher_band
        on
            lower_band.document_id = higher_band.document_id
            and lower_band.lower_bound < higher_band.lower_bound
            and lower_band.upper_bound >= higher_band.lower_bound
),

national_lists as (
    select distinct
        document_id,
        all_tables_id
    from lists
    where is_national
),

missing_regions as (
    select
        'coverage' as checked_by,
        missing.document_id,
        national_lists.all_tables_id as table_id,
        null as row_no,
        'region_name' as column_name,
        null as source_line,
        missing.region_code as subject_code,
        'not listed' as printed,
        missing.region_name as expected
    from {{ ref('missing_regions') }} as missing
    inner join national_lists on missing.document_id = national_lists.document_id
),

blank_invitations as (
    select
        'blank_entry' as checked_by,
        document_id,
        table_id,
        row_no,
        'addressee' as column_name,
        source_line,
        concat('#', row_no) as subject_code,
        'a number without a name' as printed,
        'a name' as expected
    from lists
    where
        list_kind = 'addressees'
        and printed_name is null
),

objectives as (
    select
        'objective_wording' as checked_by,
        targets.document_id,
        targets.table_id,
        targets.row_no,
        'objective' as column_name,
        targets.source_line,
        concat(documents.subject_name, '/', targets.row_no) as subject_code,
        targets.objective as printed,
        -- Nothing says which spelling is meant; the latest form is compared with.
        first_value(targets.objective) over (
            partition by documents.edition_year, documents.subject_name, targets.row_no
            order by documents.fiscal_quarter desc
        ) as expected
    from {{ ref('stg_forms__targets') }} as targets
    inner join documents on targets.document_id = documents.document_id
    where targets.objective is not null
),

faults as (
    select * from wrong_names
    union all
    select * from repeated_names
    union all
    select * from misspelt_names
    union all
    select * from out_of_scale
    union all
    select * from unheaded_columns
    union all
    select * from overlapping_bands
    union all
    select * from missing_regions
    union all
    select * from blank_invitations
    union all
    select * from objectives
    where printed != expected
)

select
    rules.rule_id,
    faults.document_id,
    faults.table_id,
    faults.row_no,
    faults.column_name,
    faults.source_line,
    faults.subject_code,
    faults.printed,
    faults.expected
from faults
inner join documents on faults.document_id = documents.document_id
left join rules
    on
        faults.checked_by = rules.checked_by
        and documents.instrument = coalesce(rules.instrument, documents.instrument)
