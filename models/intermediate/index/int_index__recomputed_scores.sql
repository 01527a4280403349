-- Each level from the published scores of the level below. What is missing enters as its whole scale, a score printed
-- coarser than it was computed as its interval; a unit that was not evaluated is not an expected child.
with components as (
    select * from {{ ref('int_index__components') }}
),

parents as (
    select
        instrument,
        edition_year,
        parent_code as component_code,
        parent_aggregation as aggregation,
        count(*) as children,
        sum(factor) as factors,
        sum(factor * score_min) as floor_sum,
        sum(factor * score_max) as ceiling_sum,
        min(score_min) as child_min,
        max(score_max) as child_max
    from components
    where parent_code is not null
    group by instrument, edition_year, parent_code, parent_aggregation
),

evaluated_regions as (
    select
        scores.document_id,
        scores.instrument,
        scores.edition_year,
        scores.region_code
    from {{ ref('int_index__printed_scores') }} as scores
    inner join components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    where
        components.component_level = 'index'
        and scores.score is not null
),

-- One scan of the printed scores: what each region's printed and absent children add up to.
child_sums as (
    select
        scores.document_id,
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        components.parent_code as component_code,
        count(scores.score) as children_printed,
        count(scores.absence_code) as children_absent,
        sum(components.factor * scores.score) as score_sum,
        sum(components.factor) filter (where scores.absence_code is not null) as absent_factors,
        sum(components.factor * components.score_min) as known_floor_sum,
        sum(components.factor * components.score_max) as known_ceiling_sum,
        sum(components.factor * {{ interval_low('scores.score', 'components.printed_step', 'components.score_min') }})
            as printed_low_sum,
        sum(components.factor * {{ interval_high('scores.score', 'components.printed_step', 'components.score_max') }})
            as printed_high_sum,
        sum(components.factor * {{ interval_low('scores.score', 'components.effective_step', 'components.score_min') }})
            as effective_low_sum,
        sum(
            components.factor * {{ interval_high('scores.score', 'components.effective_step', 'components.score_max') }}
        )
            as effective_high_sum
    from {{ ref('int_index__printed_scores') }} as scores
    inner join components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    where
        components.parent_code is not null
        and (scores.score is not null or scores.absence_code is not null)
    group by
        scores.document_id, scores.instrument, scores.edition_year, scores.region_code, components.parent_code
),

unplaced_sums as (
    select
        document_id,
        edition_year,
        region_code,
        parent_code as component_code,
        count(*) filter (where place_from_lowest <= slots) as slots,
        sum(printed_low) filter (where place_from_lowest <= slots) as printed_low_sum,
        sum(printed_high) filter (where place_from_highest <= slots) as printed_high_sum,
        sum(effective_low) filter (where place_from_lowest <= slots) as effective_low_sum,
        sum(effective_high) filter (where place_from_highest <= slots) as effective_high_sum
    from {{ ref('int_index__unplaced_scores') }}
    group by document_id, edition_year, region_code, parent_code
),

sums as (
    select
        regions.document_id,
        regions.instrument,
        regions.edition_year,
        regions.region_code,
        parents.component_code,
        parents.children - coalesce(children.children_absent, 0) as children_expected,
        coalesce(children.children_printed, 0) as children_printed,
        coalesce(unplaced.slots, 0) as children_unplaced,
        children.score_sum,
        -- The scale's end for each child of which nothing is printed.
        parents.floor_sum - coalesce(children.known_floor_sum, 0) - coalesce(unplaced.slots, 0) * parents.child_min
            as missing_low_sum,
        parents.ceiling_sum - coalesce(children.known_ceiling_sum, 0) - coalesce(unplaced.slots, 0) * parents.child_max
            as missing_high_sum,
        {%- for precision in ['printed', 'effective'] %}
            {%- for side in ['low', 'high'] %}
                coalesce(children.{{ precision }}_{{ side }}_sum, 0)
                + coalesce(unplaced.{{ precision }}_{{ side }}_sum, 0)
                + missing_{{ side }}_sum as {{ precision }}_{{ side }}_sum,
            {%- endfor %}
        {%- endfor %}
        case parents.aggregation
            when 'mean' then parents.children - coalesce(children.children_absent, 0)
            when 'weighted_mean' then parents.factors - coalesce(children.absent_factors, 0)
            when 'sum' then 1
        end as divisor
    from evaluated_regions as regions
    inner join parents
        on
            regions.instrument = parents.instrument
            and regions.edition_year = parents.edition_year
    left join child_sums as children
        on
            regions.document_id = children.document_id
            and regions.edition_year = children.edition_year
            and regions.region_code = children.region_code
            and parents.component_code = children.component_code
    left join unplaced_sums as unplaced
        on
            regions.document_id = unplaced.document_id
            and regions.edition_year = unplaced.edition_year
            and regions.region_code = unplaced.region_code
            and parents.component_code = unplaced.component_code
)

select
    document_id,
    instrument,
    edition_year,
    region_code,
    component_code,
    children_expected,
    children_printed,
    children_unplaced,
    {%- for bound in ['printed_low', 'printed_high', 'effective_low', 'effective_high'] %}
        case
            when children_printed + children_unplaced > 0
                then {{ exact_quotient(bound ~ '_sum', 'divisor') }}
        end as {{ bound }},
    {%- endfor %}
    case
        when children_printed = children_expected and children_expected > 0
            then {{ exact_quotient('score_sum', 'divisor') }}
    end as score_recomputed
from sums
