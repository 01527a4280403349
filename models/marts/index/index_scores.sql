-- A printed score has a row, whether a number or the word in its place.
with scores as (
    select * from {{ ref('int_index__printed_scores') }}
),

components as (
    select * from {{ ref('int_index__components') }}
),

-- With the verdict that reconciliation gives, worked out here as nothing need be found again for it.
claims as (
    select
        recomputed.*,
        recomputed.score_recomputed as recomputed,
        recomputed.score as published,
        components.printed_step as published_step,
        recomputed.children_printed = recomputed.children_expected as is_complete
    from {{ ref('int_index__recomputed_scores') }} as recomputed
    inner join components
        on
            recomputed.instrument = components.instrument
            and recomputed.edition_year = components.edition_year
            and recomputed.component_code = components.component_code
),

recomputed as (
    select
        claims.*,
        case when claims.published is not null then {{ verdict('claims', 'effective') }} end as verdict
    from claims
)

select
    scores.document_id,
    scores.instrument,
    scores.edition_year,
    scores.region_code,
    scores.component_code,
    components.component_level,
    scores.score_printed,
    scores.score as score_published,
    scores.absence_code,
    cast(recomputed.score_recomputed as decimal(18, 6)) as score_recomputed,
    cast(recomputed.effective_low as decimal(18, 6)) as score_low,
    cast(recomputed.effective_high as decimal(18, 6)) as score_high,
    recomputed.children_expected,
    recomputed.children_printed,
    recomputed.children_unplaced,
    recomputed.verdict,
    coalesce(recomputed.verdict = 'outside', false) as is_disputed,
    scores.table_id,
    scores.row_no,
    scores.column_name,
    scores.source_line
from scores
inner join components
    on
        scores.instrument = components.instrument
        and scores.edition_year = components.edition_year
        and scores.component_code = components.component_code
        -- A difference stands beside the tree: it is judged in reconciliation.
        and components.component_depth is not null
left join recomputed
    on
        scores.document_id = recomputed.document_id
        and scores.edition_year = recomputed.edition_year
        and scores.region_code = recomputed.region_code
        and scores.component_code = recomputed.component_code
