-- Every score that is recomputed, from the scores of its children in the same mart and the tree in score_components,
-- multiplied out; and every published one of them has its row in reconciliation, with the same numbers. What is missing
-- lies somewhere on its scale, what was rounded before it was printed within half its step.
with components as (
    select * from {{ ref('score_components') }}
),

scores as (
    select * from {{ ref('index_scores') }}
),

-- Of a level that no document prints, the children below it stand here, with both weights.
children as (
    select
        inputs.instrument,
        inputs.edition_year,
        inputs.input_code as component_code,
        inputs.component_code as parent_code,
        inputs.is_direct,
        parents.aggregation,
        inputs.factor,
        components.score_min,
        components.score_max,
        components.effective_step * cast(0.5 as decimal(2, 1)) as half_step
    from {{ ref('int_index__inputs') }} as inputs
    inner join components
        on
            inputs.instrument = components.instrument
            and inputs.edition_year = components.edition_year
            and inputs.input_code = components.component_code
    inner join components as parents
        on
            inputs.instrument = parents.instrument
            and inputs.edition_year = parents.edition_year
            and inputs.component_code = parents.component_code
),

-- A child that is printed, or has none of its own, is an input with its own weight.
lost_inputs as (
    select
        concat_ws(
            ', ',
            'int_index__inputs',
            components.instrument,
            components.edition_year,
            components.parent_code,
            components.component_code,
            'the weight of the child is not the one in score_components'
        ) as message
    from components
    inner join components as parents
        on
            components.instrument = parents.instrument
            and components.edition_year = parents.edition_year
            and components.parent_code = parents.component_code
    left join children
        on
            components.instrument = children.instrument
            and components.edition_year = children.edition_year
            and components.parent_code = children.parent_code
            and components.component_code = children.component_code
            and children.is_direct
    where
        children.factor is distinct from case parents.aggregation when 'weighted_mean' then components.weight else 1 end
        -- What has no printed input is not computed at all.
        and concat(components.instrument, components.edition_year, components.parent_code) in (
            select concat(computed.instrument, computed.edition_year, computed.parent_code) from children as computed
        )
        and (
            components.aggregation is null
            or concat(components.instrument, components.edition_year, components.component_code) in (
                select concat(scores.instrument, scores.edition_year, scores.component_code) from scores
            )
        )
),

trees as (
    select
        instrument,
        edition_year,
        parent_code,
        aggregation,
        count(*) as children,
        sum(factor) as factors,
        sum(factor * score_min) as lowest,
        sum(factor * score_max) as highest
    from children
    group by instrument, edition_year, parent_code, aggregation
),

found as (
    select
        scores.document_id,
        scores.edition_year,
        scores.region_code,
        children.parent_code as component_code,
        count(scores.score_published) as printed,
        count(case when children.is_direct then scores.absence_code end) as absent,
        sum(children.factor * scores.score_published) as total,
        sum(case when scores.absence_code is not null and children.is_direct then children.factor else 0 end)
            as absent_factors,
        -- By how much the sum lies above the lowest and below the highest that an unknown child leaves possible.
        sum(
            children.factor * (
                case
                    when scores.absence_code is not null then 0
                    when scores.score_published < children.score_min then scores.score_published
                    when
                        scores.score_published - children.half_step > children.score_min
                        then scores.score_published - children.half_step
                    else children.score_min
                end
                - children.score_min
            )
        ) as above_lowest,
        sum(
            children.factor * (
                case
                    when scores.absence_code is not null then 0
                    when scores.score_published > children.score_max then scores.score_published
                    when
                        scores.score_published + children.half_step < children.score_max
                        then scores.score_published + children.half_step
                    else children.score_max
                end
                - children.score_max
            )
        ) as above_highest
    from scores
    inner join children
        on
            scores.instrument = children.instrument
            and scores.edition_year = children.edition_year
            and scores.component_code = children.component_code
    where
        scores.score_published is not null
        or children.is_direct
    group by scores.document_id, scores.edition_year, scores.region_code, children.parent_code
),

summed as (
    select
        scores.*,
        trees.children - coalesce(found.absent, 0) as expected,
        coalesce(found.printed, 0) as printed,
        case trees.aggregation when 'sum' then 1 else trees.factors - coalesce(found.absent_factors, 0) end as divisor,
        found.total,
        trees.lowest + coalesce(found.above_lowest, 0) as lowest,
        trees.highest + coalesce(found.above_highest, 0) as highest
    from scores
    inner join trees
        on
            scores.instrument = trees.instrument
            and scores.edition_year = trees.edition_year
            and scores.component_code = trees.parent_code
    left join found
        on
            scores.document_id = found.document_id
            and scores.edition_year = found.edition_year
            and scores.region_code = found.region_code
            and scores.component_code = found.component_code
    where scores.absence_code is null
),

claims as (
    select
        claims.*,
        components.instrument
    from {{ ref('reconciliation') }} as claims
    inner join {{ ref('documents') }} as documents on claims.document_id = documents.document_id
    inner join components
        on
            documents.instrument = components.instrument
            and claims.edition_year = components.edition_year
            and claims.component_code = components.component_code
    where claims.published is not null
),

{%- set millionth = 'cast(0.000001 as decimal(6, 6))' %}

checked as (
    select
        coalesce(summed.document_id, claims.document_id) as document_id,
        coalesce(summed.edition_year, claims.edition_year) as edition_year,
        coalesce(summed.region_code, claims.subject_code) as region_code,
        coalesce(summed.component_code, claims.component_code) as component_code,
        concat_ws(
            '; ',
            case when claims.rule_id is null then 'it has no row in reconciliation' end,
            case when summed.document_id is null then 'it is in reconciliation and not in index_scores' end,
            case
                when summed.children_expected != summed.expected or summed.children_printed != summed.printed
                    then concat(
                        'children ',
                        summed.children_printed,
                        ' of ',
                        summed.children_expected,
                        ', counted ',
                        summed.printed,
                        ' of ',
                        summed.expected
                    )
            end,
            case
                when
                    (summed.score_recomputed is null) != (summed.printed != summed.expected)
                    or abs(summed.score_recomputed * summed.divisor - summed.total) > {{ millionth }} * summed.divisor
                    then
                        concat(
                            'recomputed ',
                            coalesce(concat(summed.score_recomputed), 'nothing'),
                            ', the children add up to ',
                            summed.total,
                            ' / ',
                            summed.divisor
                        )
            end,
            case
                when
                    (summed.score_low is null) != (summed.printed + summed.children_unplaced = 0)
                    or (summed.score_high is null) != (summed.printed + summed.children_unplaced = 0)
                    or summed.children_unplaced = 0
                    and (
                        abs(summed.score_low * summed.divisor - summed.lowest) > {{ millionth }} * summed.divisor
                        or abs(summed.score_high * summed.divisor - summed.highest) > {{ millionth }} * summed.divisor
                    )
                    -- Values whose columns cannot be told apart only narrow what is possible.
                    or summed.score_low * summed.divisor < summed.lowest - {{ millionth }} * summed.divisor
                    or summed.score_high * summed.divisor > summed.highest + {{ millionth }} * summed.divisor
                    or summed.score_low > summed.score_high
                    then concat(
                        'bounds ',
                        coalesce(concat(summed.score_low), 'nothing'),
                        ' and ',
                        coalesce(concat(summed.score_high), 'nothing'),
                        ', the children leave ', summed.lowest, ' to ', summed.highest, ' / ', summed.divisor
                    )
            end,
            case
                when
                    summed.score_published is distinct from claims.published
                    or summed.score_recomputed is distinct from cast(claims.recomputed as decimal(18, 6))
                    or summed.score_low is distinct from cast(claims.low as decimal(18, 6))
                    or summed.score_high is distinct from cast(claims.high as decimal(18, 6))
                    then 'reconciliation has other numbers'
            end
        ) as faults
    from summed
    full join claims
        on
            summed.document_id = claims.document_id
            and summed.edition_year = claims.edition_year
            and summed.region_code = claims.subject_code
            and summed.component_code = claims.component_code
)

select
    concat(
        'index_scores, ', document_id, ', ', edition_year, ', ', region_code, ', ', component_code, ': ', faults
    ) as message
from checked
where faults != ''
union all
select message from lost_inputs
