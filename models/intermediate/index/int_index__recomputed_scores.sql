-- Each level from the published scores of the level below. What is missing enters as its whole scale, a score printed
-- coarser than it was computed as its interval; a unit that was not evaluated is not an expected child.
-- All in whole numbers, which add up and divide exactly and fast: scores in hundred-thousandths, half the finest step,
-- factors in ten-thousandths.
with components as (
    select
        instrument,
        edition_year,
        component_code,
        parent_code,
        component_level,
        parent_aggregation,
        {{ as_integer('factor', 4) }} as factor,
        {{ as_integer('score_min', 5) }} as score_min,
        {{ as_integer('score_max', 5) }} as score_max,
        {{ as_integer(half('printed_step'), 5) }} as printed_half_step,
        {{ as_integer(half('effective_step'), 5) }} as effective_half_step
    from {{ ref('int_index__components') }}
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
        sum(factor * score_max) as ceiling_sum
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
    from {{ ref('int_index__result_scores') }} as scores
    inner join components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    where
        components.component_level = 'index'
        and scores.score is not null
        and {{ in_documents('scores.document_id') }}
),

scores as (
    select
        *,
        cast(score * 100000 as bigint) as points
    from {{ ref('int_index__printed_scores') }}
    where {{ in_documents('document_id') }}
),

unplaced_sums as (
    select * from {{ ref('int_index__unplaced_sums') }}
    where {{ in_documents('document_id') }}
),

-- One scan of the printed scores: what each region's printed and absent children add up to.
child_sums as (
    select
        scores.document_id,
        scores.edition_year,
        scores.region_code,
        components.parent_code as component_code,
        count(scores.points) as children_printed,
        count(scores.absence_code) as children_absent,
        sum(components.factor * scores.points) as score_sum,
        sum(case when scores.absence_code is not null then components.factor end) as absent_factors,
        -- How far the printed children lift a sum above its floor and leave it under its ceiling; a child that was not
        -- evaluated takes its own floor and ceiling out.
        {%- for precision in ['printed', 'effective'] %}
            sum(components.factor * (coalesce({{ interval_low(
                'scores.points', 'components.' ~ precision ~ '_half_step', 'components.score_min'
            ) }}, 0) - components.score_min)) as {{ precision }}_above_floor,
            sum(components.factor * (coalesce({{ interval_high(
                'scores.points', 'components.' ~ precision ~ '_half_step', 'components.score_max'
            ) }}, 0) - components.score_max)) as {{ precision }}_above_ceiling{{ ',' if not loop.last }}
        {%- endfor %}
    from scores
    inner join components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    where
        components.parent_code is not null
        and (scores.points is not null or scores.absence_code is not null)
    group by scores.document_id, scores.edition_year, scores.region_code, components.parent_code
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
        -- A child of which nothing is printed stays at the ends of its scale.
        {%- for precision in ['printed', 'effective'] %}
            {%- for side, end in {'low': 'floor', 'high': 'ceiling'}.items() %}
                parents.{{ end }}_sum
                + coalesce(children.{{ precision }}_above_{{ end }}, 0)
                + coalesce(10000 * unplaced.{{ precision }}_above_{{ end }}, 0) as {{ precision }}_{{ side }}_sum,
            {%- endfor %}
        {%- endfor %}
        case parents.aggregation
            when 'mean' then (parents.children - coalesce(children.children_absent, 0)) * 10000
            when 'weighted_mean' then parents.factors - coalesce(children.absent_factors, 0)
            when 'sum' then 10000
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
),

quotients as (
    select
        *,
        cast(divisor * 100000 as bigint) as denominator,
        case when children_printed = children_expected then cast(score_sum as bigint) end as score_numerator,
        {%- for bound in ['printed_low', 'printed_high', 'effective_low', 'effective_high'] %}
            case when children_printed + children_unplaced > 0 then cast({{ bound }}_sum as bigint) end
                as {{ bound }}_numerator{{ ',' if not loop.last }}
        {%- endfor %}
    from sums
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
        cast({{ integer_quotient(bound ~ '_numerator', 'denominator') }} as decimal(18, 12)) as {{ bound }},
    {%- endfor %}
    cast({{ integer_quotient('score_numerator', 'denominator') }} as decimal(18, 12)) as score_recomputed
from quotients
