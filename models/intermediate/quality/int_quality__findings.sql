-- Published figures that cannot be right, and faults that no figure shows, in one form.
with impossible_figures as (
    select
        claims.rule_id,
        claims.document_id,
        claims.table_id,
        claims.row_no,
        claims.column_name,
        claims.source_line,
        claims.subject_code,
        claims.component_code,
        claims.edition_year,
        rules.instrument,
        coalesce(claims.published_text, {{ as_printed('claims.published', 'claims.published_step') }}) as printed,
        case
            when claims.published is null then claims.recomputed_text
            -- Inputs printed coarser than they were computed with, or lost, leave a range.
            when
                claims.recomputed is null or claims.high - claims.low > 2 * claims.published_step
                then
                    concat(
                        {{ as_printed('claims.low', 'claims.published_step') }}, '–',
                        {{ as_printed('claims.high', 'claims.published_step') }}
                    )
            else {{ as_printed('claims.recomputed', 'claims.published_step') }}
        end as expected
    from {{ ref('reconciliation') }} as claims
    inner join {{ ref('rules') }} as rules on claims.rule_id = rules.rule_id
    where claims.verdict = 'outside'
),

document_faults as (
    select
        faults.rule_id,
        faults.document_id,
        faults.table_id,
        faults.row_no,
        faults.column_name,
        faults.source_line,
        faults.subject_code,
        case when faults.rule_id = 'index.scale' then split_part(faults.subject_code, '/', 2) end as component_code,
        documents.edition_year,
        documents.instrument,
        faults.printed,
        faults.expected
    from {{ ref('int_quality__document_faults') }} as faults
    inner join {{ ref('document_register') }} as documents on faults.document_id = documents.document_id
),

faults as (
    select * from impossible_figures
    union all
    select * from document_faults
),

line_names as (
    select distinct
        concat(agency_code, '/', line_code) as subject_code,
        line_name as subject_name
    from {{ ref('int_budget__lines') }}
    where is_printed
    union all
    select distinct
        concat(agency_code, '/', indicator_code) as subject_code,
        indicator_name as subject_name
    from {{ ref('int_target__achievements') }}
),

-- One name per subject, also where a line is spelt in two ways.
subject_names as (
    select
        subject_code,
        min(subject_name) as subject_name
    from line_names
    group by subject_code
),

named as (
    select
        concat_ws(':', faults.rule_id, faults.document_id, faults.table_id, faults.subject_code, faults.column_name)
            as finding_id,
        faults.rule_id,
        faults.document_id,
        faults.table_id,
        faults.row_no,
        faults.column_name,
        faults.source_line,
        faults.subject_code,
        coalesce(regions.region_name, subject_names.subject_name, faults.subject_code) as subject_name,
        coalesce(components.label_id, figures.label_id) as component_name_id,
        coalesce(components.label_en, figures.label_en) as component_name_en,
        faults.printed,
        faults.expected
    from faults
    left join {{ ref('official_regions') }} as regions on split_part(faults.subject_code, '/', 1) = regions.region_code
    left join subject_names on faults.subject_code = subject_names.subject_code
    left join {{ ref('int_index__components') }} as components
        on
            faults.instrument = components.instrument
            and faults.edition_year = components.edition_year
            and faults.component_code = components.component_code
    left join {{ ref('figure_labels') }} as figures on faults.component_code = figures.component_code
)

-- Each with its sentence.
select
    named.*,
    {%- for language in ['id', 'en'] %}
    {{ fill_template('rules.explanation_' ~ language, {
        'subject': 'named.subject_name',
        'component': 'named.component_name_' ~ language,
        'printed': 'named.printed',
        'expected': 'named.expected',
    }) }} as explanation_{{ language }},
    {%- endfor %}
    rules.severity
from named
inner join {{ ref('rules') }} as rules on named.rule_id = rules.rule_id
