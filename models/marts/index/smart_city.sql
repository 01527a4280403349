{%- set dimensions = ['baseline', 'output', 'quick_win', 'impact', 'outcome'] -%}

-- The results of the letter side by side, a row per government that the list names.
with scores as (
    select * from {{ ref('index_scores') }}
    where instrument = 'smart_city'
),

sides as (
    select
        document_id,
        region_code,
        {%- for dimension in dimensions %}
            max(case when component_code = '{{ dimension }}' then score_published end) as {{ dimension }},
        {%- endfor %}
        max(case when component_code = 'baseline_01' then score_published end) as previous_score
    from scores
    group by document_id, region_code
),

improvements as (
    select * from {{ ref('reconciliation') }}
    where component_code = 'improvement'
),

rankings as (
    select * from {{ ref('index_rankings') }}
    where
        instrument = 'smart_city'
        and peer_group = 'all'
)

select
    finals.document_id,
    finals.edition_year,
    finals.row_no,
    finals.region_code,
    finals.score_published is not null as took_part,
    {%- for dimension in dimensions %}
        cast(sides.{{ dimension }} as decimal(9, 4)) as {{ dimension }},
    {%- endfor %}
    finals.score_published as final_score,
    finals.score_recomputed as final_score_recomputed,
    finals.verdict,
    finals.is_disputed,
    sides.previous_score,
    cast(improvements.published as decimal(9, 4)) as improvement,
    rankings.rank,
    rankings.rank_recomputed
from scores as finals
inner join sides
    on
        finals.document_id = sides.document_id
        and finals.region_code = sides.region_code
left join improvements
    on
        finals.document_id = improvements.document_id
        and finals.region_code = improvements.subject_code
left join rankings
    on
        finals.document_id = rankings.document_id
        and finals.region_code = rankings.region_code
where finals.component_code = 'smart_city'
