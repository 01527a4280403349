-- Each official region over all that is loaded: what was evaluated of it and what was not, where it stands highest and
-- lowest among its kind, and how much of that is in doubt. No scores of different evaluations are added up.
with regions as (
    select * from {{ ref('regions') }}
),

totals as (
    select * from {{ ref('score_intervals') }}
    where
        component_depth = 0
        and score is not null
),

scored_evaluations as (
    select distinct
        instrument,
        edition_year,
        region_code
    from totals
),

loaded as (
    select count(distinct concat(instrument, edition_year)) as evaluations_loaded
    from scored_evaluations
),

scored as (
    select
        region_code,
        count(*) as evaluations_scored,
        max(edition_year) as latest_edition_year
    from scored_evaluations
    group by region_code
),

-- Printed with a word in place of a score.
named_only as (
    select
        scores.region_code,
        count(*) as evaluations_without_score
    from {{ ref('index_scores') }} as scores
    inner join {{ ref('score_components') }} as components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
            and components.component_depth = 0
    where
        scores.score_published is null
        and scores.absence_code is not null
    group by scores.region_code
),

disputes as (
    select
        region_code,
        count(*) as disputed_scores
    from {{ ref('score_intervals') }}
    where is_disputed
    group by region_code
),

findings as (
    select
        regions.region_code,
        count(*) as findings
    from {{ ref('findings') }} as findings
    inner join regions on findings.subject_code = regions.region_code
    group by regions.region_code
),

agencies as (
    select
        region_code,
        count(*) as agencies
    from {{ ref('agencies') }}
    group by region_code
),

-- Among its own kind in the nation, in the latest edition of each evaluation; the one alone in its group says nothing.
standings as (
    select
        benchmarks.*,
        benchmarks.percentile is not null
        and benchmarks.edition_year
        = max(benchmarks.edition_year) over (partition by benchmarks.instrument, benchmarks.region_code) as is_latest
    from {{ ref('peer_benchmarks') }} as benchmarks
    inner join regions
        on
            benchmarks.region_code = regions.region_code
            and benchmarks.peer_group = regions.region_type
),

ordered as (
    select
        *,
        row_number() over (
            partition by region_code, component_depth
            order by percentile desc, instrument asc, component_code asc, document_id asc
        ) as from_strongest,
        row_number() over (
            partition by region_code, component_depth order by percentile, instrument, component_code, document_id
        ) as from_weakest
    from standings
    where is_latest
),

extremes as (
    select
        {%- for side in ['strongest', 'weakest'] %}
            {%- for prefix, depth in {side: 0, side ~ '_component': 1}.items() %}
                {%- for column in ['instrument', 'component_code', 'percentile'] %}
                    max(case when component_depth = {{ depth }} and from_{{ side }} = 1 then {{ column }} end)
                        as {{ prefix }}_{{ column }},
                {%- endfor %}
            {%- endfor %}
        {%- endfor %}
        region_code
    from ordered
    group by region_code
)

select
    regions.region_code,
    regions.region_name,
    regions.region_type,
    regions.province_code,
    loaded.evaluations_loaded,
    coalesce(scored.evaluations_scored, 0) as evaluations_scored,
    coalesce(named_only.evaluations_without_score, 0) as evaluations_without_score,
    cast({{ percentage_of('coalesce(scored.evaluations_scored, 0)', 'loaded.evaluations_loaded') }} as decimal(5, 2))
        as coverage_pct,
    scored.latest_edition_year,
    {%- for side in ['strongest', 'weakest'] %}
        extremes.{{ side }}_instrument,
        extremes.{{ side }}_percentile,
        extremes.{{ side }}_component_instrument,
        extremes.{{ side }}_component_component_code as {{ side }}_component_code,
        extremes.{{ side }}_component_percentile,
    {%- endfor %}
    coalesce(disputes.disputed_scores, 0) as disputed_scores,
    coalesce(findings.findings, 0) as findings,
    coalesce(agencies.agencies, 0) as agencies
from regions
cross join loaded
left join scored on regions.region_code = scored.region_code
left join named_only on regions.region_code = named_only.region_code
left join extremes on regions.region_code = extremes.region_code
left join disputes on regions.region_code = disputes.region_code
left join findings on regions.region_code = findings.region_code
left join agencies on regions.region_code = agencies.region_code
