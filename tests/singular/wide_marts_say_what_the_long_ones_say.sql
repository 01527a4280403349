{%- set figures = [
    ('smart_city', 'baseline', 'baseline', 'published'),
    ('smart_city', 'output', 'output', 'published'),
    ('smart_city', 'quick_win', 'quick_win', 'published'),
    ('smart_city', 'impact', 'impact', 'published'),
    ('smart_city', 'outcome', 'outcome', 'published'),
    ('smart_city', 'final_score', 'smart_city', 'published'),
    ('smart_city', 'final_score_recomputed', 'smart_city', 'recomputed'),
    ('smart_city', 'previous_score', 'baseline_01', 'published'),
    ('smart_city', 'improvement', 'improvement', 'published'),
    ('smart_city', 'rank', 'smart_city', 'rank'),
    ('public_service', 'social_service', 'social_service', 'published'),
    ('public_service', 'hospital', 'hospital', 'published'),
    ('public_service', 'third_unit', 'third_unit', 'published'),
    ('public_service', 'index_published', 'public_service', 'published'),
    ('public_service', 'index_recomputed', 'public_service', 'recomputed'),
    ('public_service', 'units_evaluated', 'public_service', 'children'),
    ('public_service', 'rank', 'public_service', 'rank'),
    ('public_service', 'grade_published', 'grade', 'published'),
    ('public_service', 'grade_recomputed', 'grade', 'recomputed'),
    ('accountability', 'total', 'accountability', 'published'),
    ('accountability', 'total_recomputed', 'accountability', 'recomputed'),
    ('accountability', 'predicate', 'predicate', 'published'),
    ('accountability', 'predicate_recomputed', 'predicate', 'recomputed'),
] -%}
{%- set words = ['grade', 'predicate'] -%}

-- One figure, two ways: the marts of single evaluations against index_scores, index_rankings and reconciliation. What
-- only one side has is a difference too: a region without its grade, a total without its predicate, a row that is lost.
with wide as (
    {%- for mart, column, component, figure in figures %}
        select
            document_id,
            edition_year,
            region_code,
            '{{ component }}' as component_code,
            '{{ figure }}' as figure,
            {{ column if component in words else 'cast(cast(' ~ column ~ ' as decimal(18, 6)) as string)' }} as value
        from {{ ref(mart) }}
        where {{ column }} is not null
        union all
    {%- endfor %}
    select
        document_id,
        edition_year,
        region_code,
        component_code,
        'published' as figure,
        cast(cast(score as decimal(18, 6)) as string) as value
    from {{ ref('accountability') }}
    where score is not null
),

said as (
    -- A total stands beside each of its components.
    select
        document_id,
        edition_year,
        region_code,
        component_code,
        figure,
        min(value) as value,
        max(value) as last_value
    from wide
    group by document_id, edition_year, region_code, component_code, figure
),

scores as (
    select * from {{ ref('index_scores') }}
    where instrument in ('smart_city', 'public_service', 'accountability')
),

long as (
    select
        document_id,
        edition_year,
        region_code,
        component_code,
        'published' as figure,
        cast(cast(score_published as decimal(18, 6)) as string) as value
    from scores
    where
        score_published is not null
        and (component_level != 'indicator' or instrument != 'smart_city' or component_code = 'baseline_01')
    union all
    select
        document_id,
        edition_year,
        region_code,
        component_code,
        'recomputed' as figure,
        cast(score_recomputed as string) as value
    from scores
    where
        score_recomputed is not null
        and component_level = 'index'
    union all
    select
        document_id,
        edition_year,
        region_code,
        component_code,
        'children' as figure,
        cast(cast(children_expected as decimal(18, 6)) as string) as value
    from scores
    where
        children_expected is not null
        and component_code = 'public_service'
    union all
    select
        document_id,
        edition_year,
        region_code,
        instrument as component_code,
        'rank' as figure,
        cast(cast(rank as decimal(18, 6)) as string) as value
    from {{ ref('index_rankings') }}
    where
        instrument = 'smart_city' and peer_group = 'all'
        or instrument = 'public_service' and peer_group != 'all'
    union all
    select
        document_id,
        edition_year,
        subject_code as region_code,
        component_code,
        'published' as figure,
        coalesce(cast(cast(published as decimal(18, 6)) as string), published_text) as value
    from {{ ref('reconciliation') }}
    where
        component_code in ('improvement', 'grade', 'predicate')
        and document_id in (select scores.document_id from scores)
    union all
    select
        document_id,
        edition_year,
        subject_code as region_code,
        component_code,
        'recomputed' as figure,
        recomputed_text as value
    from {{ ref('reconciliation') }}
    where
        component_code in ('grade', 'predicate')
        and document_id in (select scores.document_id from scores)
)

select
    concat_ws(
        '',
        concat_ws(
            ', ',
            coalesce(said.document_id, long.document_id), coalesce(said.edition_year, long.edition_year),
            coalesce(said.region_code, long.region_code), coalesce(said.component_code, long.component_code),
            coalesce(said.figure, long.figure)
        ),
        ': ', coalesce(said.value, 'nothing'), ' in the mart of the evaluation, ', coalesce(long.value, 'nothing'),
        ' in index_scores, index_rankings or reconciliation'
    ) as message
from said
full join long
    on
        said.document_id = long.document_id
        and said.edition_year = long.edition_year
        and said.region_code = long.region_code
        and said.component_code = long.component_code
        and said.figure = long.figure
where
    said.value is distinct from long.value
    or said.last_value is distinct from long.value
