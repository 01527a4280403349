with components as (
    select * from {{ ref('int_index__components') }}
),

printed as (
    select * from {{ ref('int_index__printed_components') }}
),

-- What each score is counted into: of the components that are computed from it, the one that documents print.
inputs as (
    select inputs.*
    from {{ ref('int_index__inputs') }} as inputs
    inner join printed
        on
            inputs.instrument = printed.instrument
            and inputs.component_code = printed.component_code
)

select
    components.instrument,
    components.edition_year,
    components.component_code,
    components.parent_code,
    components.component_level,
    components.component_depth,
    components.aggregation,
    components.weight,
    inputs.component_code as counted_into,
    inputs.factor as counted_with,
    components.score_min,
    components.score_max,
    components.printed_step,
    components.effective_step,
    components.sort_order,
    components.basis,
    components.source_code,
    components.label_id,
    components.label_en
from components
left join inputs
    on
        components.instrument = inputs.instrument
        and components.edition_year = inputs.edition_year
        and components.component_code = inputs.input_code
-- Differences stand beside the tree.
where components.component_depth is not null
