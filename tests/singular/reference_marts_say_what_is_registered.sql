{%- set documents = [
    'document_id', 'number', 'title_id', 'title_en', 'issuer', 'issued_on', 'instrument', 'edition_year', 'fiscal_quarter',
    'subject_name', 'file_name', 'file_sha256', 'added_on'
] -%}
{%- set components = [
    'component_code', 'parent_code', 'component_level', 'aggregation', 'weight', 'score_min', 'score_max', 'printed_step',
    'effective_step', 'sort_order', 'basis', 'source_code', 'label_id', 'label_en'
] -%}

-- The marts of reference are the registers, row by row: documents, regions with their provinces, the tree of each
-- edition that has scores, the agencies of the forms, and every day from the first to the last year evaluated.
with marts as (
    select concat_ws('|', 'documents', {{ as_line(documents) }}) as line
    from {{ ref('documents') }}
    union all
    select concat_ws('|', 'regions', region_code, region_type, region_name, province_code, province_name) as line
    from {{ ref('regions') }}
    union all
    select concat_ws('|', 'score_components', instrument, edition_year, {{ as_line(components) }}) as line
    from {{ ref('score_components') }}
    union all
    select concat_ws('|', 'agencies', agency_name) as line
    from {{ ref('agencies') }}
    union all
    select concat_ws('|', 'time_spine', min(date_day), max(date_day), count(*), count(distinct date_day)) as line
    from {{ ref('time_spine') }}
    where calendar_year = extract(year from date_day)
),

editions_scored as (
    select distinct
        instrument,
        edition_year,
        component_code
    from {{ ref('index_scores') }}
),

editions as (
    select distinct
        instrument,
        edition_year
    from editions_scored
),

years as (
    select
        cast(concat(min(edition_year), '-01-01') as date) as first_day,
        cast(concat(max(edition_year), '-12-31') as date) as last_day
    from {{ ref('document_register') }}
),

registers as (
    select concat_ws('|', 'documents', {{ as_line(documents) }}) as line
    from (
        select
            *,
            title as title_id
        from {{ ref('document_register') }}
    ) as register
    union all
    select
        concat_ws(
            '|',
            'regions',
            regions.region_code,
            regions.region_type,
            regions.region_name,
            regions.province_code,
            provinces.region_name
        ) as line
    from {{ ref('official_regions') }} as regions
    left join {{ ref('official_regions') }} as provinces on regions.province_code = provinces.region_code
    union all
    select
        concat_ws('|', 'score_components', trees.instrument, editions.edition_year, {{ as_line(components) }}) as line
    from {{ ref('score_trees') }} as trees
    inner join editions
        on
            trees.instrument = editions.instrument
            and trees.valid_from <= editions.edition_year
            and editions.edition_year <= coalesce(trees.valid_to, editions.edition_year)
    -- A difference stands beside the tree.
    where coalesce(trees.aggregation, '') != 'difference'
    union all
    select concat_ws('|', 'agencies', printed.agency_name) as line
    from (
        select agency_name from {{ ref('agency_performance__budget') }}
        union
        select agency_name from {{ ref('agency_performance__targets') }}
    ) as printed
    union all
    select
        concat_ws(
            '|',
            'time_spine',
            first_day,
            last_day,
            {{ dbt.datediff('first_day', 'last_day', 'day') }} + 1,
            {{ dbt.datediff('first_day', 'last_day', 'day') }} + 1
        ) as line
    from years
    where first_day is not null
)

select concat('only in the mart: ', lines.line) as message
from (
    select line from marts
    except
    select line from registers
) as lines
union all
select concat('not in the mart, but registered: ', lines.line) as message
from (
    select line from registers
    except
    select line from marts
) as lines
union all
select
    concat_ws(
        ', ', 'score_components', components.instrument, components.edition_year, components.component_code,
        'not one below its parent, or not counted into it as it weighs there'
    ) as message
from {{ ref('score_components') }} as components
left join {{ ref('score_components') }} as parents
    on
        components.instrument = parents.instrument
        and components.edition_year = parents.edition_year
        and components.parent_code = parents.component_code
left join editions_scored as scored
    on
        parents.instrument = scored.instrument
        and parents.edition_year = scored.edition_year
        and parents.component_code = scored.component_code
left join editions_scored as scored_children
    on
        components.instrument = scored_children.instrument
        and components.edition_year = scored_children.edition_year
        and components.component_code = scored_children.component_code
where
    components.component_depth is distinct from coalesce(parents.component_depth + 1, 0)
    -- What is never printed is passed over, so the weights below it are products.
    or components.component_depth = 1
    and scored.component_code is not null
    and scored_children.component_code is not null
    and (
        components.counted_into is distinct from components.parent_code
        or components.counted_with
        is distinct from case parents.aggregation when 'weighted_mean' then components.weight else 1 end
    )
    or components.parent_code is null
    and components.counted_into is not null
