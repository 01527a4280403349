-- Printed achievements, and the figures of a form that other documents print too (cross_checks).
with targets as (
    select * from {{ ref('int_target__achievements') }}
),

achievements as (
    select
        'target.achievement' as rule_id,
        document_id,
        table_id,
        row_no,
        source_line,
        agency_code,
        fiscal_year,
        quarter,
        indicator_code,
        'achievement_pct' as component_code,
        achievement_pct_printed as published_text,
        achievement_pct_published as published,
        pct_decimals as published_decimals,
        -- `least` passes over nulls: without a realization there is nothing to compare with.
        case when achievement_pct is not null then least(achievement_pct, cap_pct) end as recomputed,
        true as is_complete
    from targets
    where achievement_pct_published is not null
),

totals as (
    select
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        scores.score
    from {{ ref('int_index__result_scores') }} as scores
    inner join {{ ref('int_index__components') }} as components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    where
        components.component_depth = 0
        and scores.region_code in (
            select agencies.region_code from {{ ref('int_agencies__printed_names') }} as agencies
        )
),

figures as (
    {%- for figure in ['target', 'realization'] %}
        select
            targets.*,
            '{{ figure }}' as component_code,
            {{ figure }} as published
        from targets
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

crossed as (
    select
        checks.rule_id,
        figures.document_id,
        figures.table_id,
        figures.row_no,
        figures.source_line,
        figures.agency_code,
        figures.fiscal_year,
        figures.quarter,
        figures.indicator_code,
        figures.component_code,
        cast(null as string) as published_text,
        figures.published,
        -- The form may print a score of another document with fewer decimals; equal means equal as printed.
        2 as published_decimals,
        totals.score as recomputed,
        totals.score is not null as is_complete
    from figures
    inner join {{ ref('cross_checks') }} as checks
        on
            figures.indicator_code = checks.indicator_code
            and figures.component_code = checks.figure
    inner join {{ ref('int_agencies__printed_names') }} as agencies on figures.agency_code = agencies.agency_code
    left join totals
        on
            checks.instrument = totals.instrument
            and figures.fiscal_year + checks.edition_offset = totals.edition_year
            and agencies.region_code = totals.region_code
    where figures.published is not null
),

claims as (
    select * from achievements
    union all
    select * from crossed
)

select
    rule_id,
    document_id,
    table_id,
    row_no,
    component_code as column_name,
    source_line,
    fiscal_year as edition_year,
    quarter,
    concat(agency_code, '/', indicator_code) as subject_code,
    component_code,
    published_text,
    cast(published as decimal(20, 4)) as published,
    {{ step_of('published_decimals') }} as published_step,
    cast(recomputed as decimal(38, 12)) as recomputed,
    is_complete,
    cast(recomputed as decimal(38, 12)) as printed_low,
    cast(recomputed as decimal(38, 12)) as printed_high,
    cast(recomputed as decimal(38, 12)) as effective_low,
    cast(recomputed as decimal(38, 12)) as effective_high
from claims
