{%- set half_steps = {'printed': 'inputs.printed_step', 'effective': 'inputs.effective_step'} -%}

-- Printed differences between components (an improvement over the year before), each from the printed scores that it is
-- a signed sum of. An input that is not printed leaves it unknown.
with components as (
    select * from {{ ref('int_index__components') }}
),

inputs as (
    select
        differences.component_code,
        differences.factor,
        inputs.instrument,
        inputs.edition_year,
        inputs.component_code as input_code,
        inputs.score_min,
        inputs.score_max,
        inputs.printed_step,
        inputs.effective_step,
        count(*) over (
            partition by inputs.instrument, inputs.edition_year, differences.component_code
        ) as inputs_expected
    from {{ ref('score_differences') }} as differences
    inner join components as inputs
        on
            differences.instrument = inputs.instrument
            and differences.input_code = inputs.component_code
            and {{ holds_in('differences', 'inputs.edition_year') }}
),

-- A negative factor turns the interval of its input around.
contributions as (
    select
        scores.document_id,
        inputs.instrument,
        inputs.edition_year,
        scores.region_code,
        inputs.component_code,
        inputs.inputs_expected,
        {%- for precision, step in half_steps.items() %}
            inputs.factor * case
                when inputs.factor > 0 then {{ interval_low('scores.score', half(step), 'inputs.score_min') }}
                else {{ interval_high('scores.score', half(step), 'inputs.score_max') }}
            end as {{ precision }}_low,
            inputs.factor * case
                when inputs.factor > 0 then {{ interval_high('scores.score', half(step), 'inputs.score_max') }}
                else {{ interval_low('scores.score', half(step), 'inputs.score_min') }}
            end as {{ precision }}_high,
        {%- endfor %}
        inputs.factor * scores.score as score
    from {{ ref('int_index__printed_scores') }} as scores
    inner join inputs
        on
            scores.instrument = inputs.instrument
            and scores.edition_year = inputs.edition_year
            and scores.component_code = inputs.input_code
    where
        scores.score is not null
        and scores.may_be_differenced
),

sums as (
    select
        document_id,
        instrument,
        edition_year,
        region_code,
        component_code,
        sum(score) as score_recomputed,
        {%- for precision in half_steps %}
            sum({{ precision }}_low) as {{ precision }}_low,
            sum({{ precision }}_high) as {{ precision }}_high,
        {%- endfor %}
        count(*) as inputs_printed
    from contributions
    group by document_id, instrument, edition_year, region_code, component_code, inputs_expected
    having count(*) = inputs_expected
)

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
    {%- for bound in ['printed_low', 'printed_high', 'effective_low', 'effective_high'] %}
        cast(sums.{{ bound }} as decimal(18, 12)) as {{ bound }},
    {%- endfor %}
    cast(sums.score_recomputed as decimal(18, 12)) as score_recomputed
from {{ ref('int_index__result_scores') }} as scores
inner join components
    on
        scores.instrument = components.instrument
        and scores.edition_year = components.edition_year
        and scores.component_code = components.component_code
        and components.aggregation = 'difference'
left join sums
    on
        scores.document_id = sums.document_id
        and scores.edition_year = sums.edition_year
        and scores.region_code = sums.region_code
        and scores.component_code = sums.component_code
where scores.is_evaluated
