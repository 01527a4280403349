-- What the components directly below a total bring to it. A weight is exactly weight_part / weight_whole: a component
-- that was not evaluated has none, and the others share what it leaves. Components that are added up are scored against
-- their own maximum; divided by their weights they stand on the scale of the total.
with components as (
    select * from {{ ref('score_components') }}
),

inputs as (
    select
        inputs.instrument,
        inputs.edition_year,
        totals.component_code as total_code,
        totals.aggregation,
        inputs.component_code,
        inputs.weight,
        inputs.score_min,
        inputs.score_max,
        inputs.printed_step,
        row_number() over (
            partition by inputs.instrument, inputs.edition_year order by inputs.sort_order, inputs.component_code
        ) as component_no,
        count(*) over (partition by inputs.instrument, inputs.edition_year) as components,
        case totals.aggregation
            when 'mean' then 1
            when 'weighted_mean' then {{ as_integer('inputs.weight', 4) }}
            when 'sum' then 1
        end as weight_part
    from components as inputs
    inner join components as totals
        on
            inputs.instrument = totals.instrument
            and inputs.edition_year = totals.edition_year
            and inputs.parent_code = totals.component_code
    where totals.component_depth = 0
),

scores as (
    select * from {{ ref('index_scores') }}
),

totals as (
    select
        scores.document_id,
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        inputs.total_code,
        inputs.component_code,
        inputs.component_no,
        inputs.components,
        inputs.aggregation,
        inputs.weight,
        inputs.weight_part,
        inputs.score_min,
        inputs.score_max,
        inputs.printed_step
    from scores
    inner join inputs
        on
            scores.instrument = inputs.instrument
            and scores.edition_year = inputs.edition_year
            and scores.component_code = inputs.total_code
    where
        scores.score_published is not null
        or scores.score_low is not null
),

-- A component without a score was not evaluated, which the document says with a word, or its cell is lost.
scored as (
    select
        totals.*,
        inputs.score_published as score,
        inputs.absence_code,
        case when inputs.absence_code is null then totals.weight_part end as weight_part_left
    from totals
    left join scores as inputs
        on
            totals.document_id = inputs.document_id
            and totals.edition_year = inputs.edition_year
            and totals.region_code = inputs.region_code
            and totals.component_code = inputs.component_code
),

weighed as (
    select
        *,
        case when aggregation = 'sum' then 1 else sum(weight_part_left) over of_total end as weight_whole,
        min(case when absence_code is not null or score is not null then 1 else 0 end) over of_total = 1 as is_complete
    from scored
    window of_total as (partition by document_id, edition_year, region_code)
)

select
    document_id,
    instrument,
    edition_year,
    region_code,
    total_code,
    component_code,
    cast(component_no as integer) as component_no,
    cast(components as integer) as components,
    aggregation,
    cast(coalesce(weight, {{ exact_quotient('1', 'components', 0) }}) as decimal(9, 8)) as weight_official,
    score,
    absence_code,
    score_min,
    score_max,
    printed_step,
    cast(weight_part_left as bigint) as weight_part,
    cast(weight_whole as bigint) as weight_whole,
    cast(
        case
            when aggregation != 'sum' then score
            when weight > 0 then {{ exact_quotient('score', 'weight', 4) }}
        end
        as decimal(18, 8)
    ) as score_on_total_scale,
    cast({{ exact_quotient('score * weight_part_left', 'weight_whole', 4) }} as decimal(18, 6)) as contribution,
    is_complete
from weighed
