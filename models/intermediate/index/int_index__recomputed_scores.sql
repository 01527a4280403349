{%- set half_steps = {'printed': 'inputs.printed_half_step', 'effective': 'inputs.effective_half_step'} -%}
{%- set bounds = ['printed_low', 'printed_high', 'effective_low', 'effective_high'] -%}

-- Each printed total, and each component that others are printed for, from the published scores it is computed from.
-- What is missing enters as its whole scale, a score printed coarser than it was computed as its interval; a unit that
-- was not evaluated is not an expected child. All in whole numbers, which add up and divide exactly and fast: scores in
-- hundred-thousandths, half the finest step, factors in hundred-millionths (two weights of four decimals).
with inputs as (
    select
        instrument,
        edition_year,
        component_code,
        input_code,
        aggregation,
        is_direct,
        {{ as_integer('factor', 8) }} as factor,
        {{ scale_as_integers() }}
    from {{ ref('int_index__inputs') }}
),

parents as (
    select
        instrument,
        edition_year,
        component_code,
        aggregation,
        count(*) as children,
        cast(sum(factor) as bigint) as factors,
        cast(sum(factor * score_min) as bigint) as floor_sum,
        cast(sum(factor * score_max) as bigint) as ceiling_sum
    from inputs
    group by instrument, edition_year, component_code, aggregation
),

scores as (
    select
        *,
        cast(score * 100000 as bigint) as points
    from {{ ref('int_index__result_scores') }}
    where
        is_evaluated
        and {{ near_documents('document_id') }}
),

-- What the children in a list of results add up to: how far they lift the sum above its floor and leave it under its
-- ceiling. A child that was not evaluated takes its own floor and ceiling out; one that stands for a level between is
-- missing instead, as the weights that are left are not known.
result_sums as (
    select
        scores.document_id,
        scores.edition_year,
        scores.region_code,
        inputs.component_code,
        {%- for precision, half_step in half_steps.items() %}
            cast(sum(
                inputs.factor
                * (
                    coalesce({{ interval_low('scores.points', half_step, 'inputs.score_min') }}, 0)
                    - inputs.score_min
                )
            ) as bigint) as {{ precision }}_above_floor,
            cast(sum(
                inputs.factor
                * (
                    coalesce({{ interval_high('scores.points', half_step, 'inputs.score_max') }}, 0)
                    - inputs.score_max
                )
            ) as bigint) as {{ precision }}_above_ceiling,
        {%- endfor %}
        cast(sum(inputs.factor * scores.points) as bigint) as score_sum,
        cast(sum(case when scores.absence_code is not null then inputs.factor end) as bigint) as absent_factors,
        count(scores.points) as children_printed,
        count(scores.absence_code) as children_absent
    from scores
    inner join inputs
        on
            scores.instrument = inputs.instrument
            and scores.edition_year = inputs.edition_year
            and scores.component_code = inputs.input_code
    where scores.points is not null or (scores.absence_code is not null and inputs.is_direct)
    group by scores.document_id, scores.edition_year, scores.region_code, inputs.component_code
),

sums as (
    select
        scores.document_id,
        scores.table_id,
        scores.row_no,
        scores.column_name,
        scores.source_line,
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        scores.component_code,
        scores.score_printed,
        scores.score,
        parents.children - coalesce(results.children_absent, 0) as children_expected,
        coalesce(results.children_printed, 0) + coalesce(indicators.children, 0) as children_printed,
        coalesce(unplaced.children, 0) as children_unplaced,
        coalesce(results.score_sum, 0) + 100000000 * coalesce(indicators.score_sum, 0) as score_sum,
        -- A child of which nothing is printed stays at the ends of its scale.
        {%- for precision in half_steps %}
            {%- for side, end in {'low': 'floor', 'high': 'ceiling'}.items() %}
                parents.{{ end }}_sum
                + coalesce(results.{{ precision }}_above_{{ end }}, 0)
                + 100000000 * coalesce(indicators.{{ precision }}_above_{{ end }}, 0)
                + 100000000 * coalesce(unplaced.{{ precision }}_above_{{ end }}, 0) as {{ precision }}_{{ side }}_sum,
            {%- endfor %}
        {%- endfor %}
        100000 * case parents.aggregation
            when 'sum' then 100000000
            else parents.factors - coalesce(results.absent_factors, 0)
        end as divisor
    from {{ ref('int_index__result_scores') }} as scores
    inner join parents
        on
            scores.instrument = parents.instrument
            and scores.edition_year = parents.edition_year
            and scores.component_code = parents.component_code
    left join result_sums as results
        on
            scores.document_id = results.document_id
            and scores.edition_year = results.edition_year
            and scores.region_code = results.region_code
            and scores.component_code = results.component_code
    left join {{ ref('int_page_blocks__indicator_sums') }} as indicators
        on
            scores.document_id = indicators.document_id
            and scores.row_no = indicators.row_no
            and scores.component_code = indicators.component_code
    left join {{ ref('int_page_blocks__unplaced_sums') }} as unplaced
        on
            scores.document_id = unplaced.document_id
            and scores.row_no = unplaced.row_no
            and scores.component_code = unplaced.component_code
    where scores.is_evaluated
),

numerators as (
    select
        *,
        {%- for bound in bounds %}
            case when children_printed + children_unplaced > 0 then {{ bound }}_sum end as {{ bound }}_numerator,
        {%- endfor %}
        case when children_printed = children_expected then score_sum end as score_numerator
    from sums
)

select
    document_id,
    table_id,
    row_no,
    column_name,
    source_line,
    instrument,
    edition_year,
    region_code,
    component_code,
    score_printed,
    score,
    children_expected,
    children_printed,
    children_unplaced,
    {%- for bound in bounds %}
        cast({{ integer_quotient(bound ~ '_numerator', 'divisor') }} as decimal(18, 12)) as {{ bound }},
    {%- endfor %}
    cast({{ integer_quotient('score_numerator', 'divisor') }} as decimal(18, 12)) as score_recomputed,
    -- The bounds before they are divided: what one other score would make of them is exact so.
    effective_low_numerator,
    effective_high_numerator,
    divisor
from numerators
