{%- set levels_between = 3 -%}

-- What each component is computed from: its children. Where documents print no score of a child that is a sum or a
-- weighted mean (a level that is only computed), the child's own children take its place, with both weights.
with components as (
    select * from {{ ref('int_index__components') }}
),

printed as (
    select * from {{ ref('int_index__printed_components') }}
),

children as (
    select
        components.instrument,
        components.edition_year,
        components.parent_code,
        components.component_code,
        components.factor,
        printed.component_code is not null as is_printed,
        printed.component_code is null
        and coalesce(components.aggregation, '') in ('sum', 'weighted_mean') as is_between
    from components
    left join printed
        on
            components.instrument = printed.instrument
            and components.component_code = printed.component_code
    where components.parent_code is not null
),

inputs_0 as (
    select
        instrument,
        edition_year,
        parent_code as component_code,
        component_code as input_code,
        cast(factor as decimal(9, 8)) as factor,
        is_printed,
        is_between,
        true as is_direct
    from children
),

{%- for level in range(1, levels_between + 1) %}

    inputs_{{ level }} as (
        select
            inputs.instrument,
            inputs.edition_year,
            inputs.component_code,
            children.component_code as input_code,
            cast(inputs.factor * children.factor as decimal(9, 8)) as factor,
            children.is_printed,
            children.is_between,
            false as is_direct
        from inputs_{{ level - 1 }} as inputs
        inner join children
            on
                inputs.instrument = children.instrument
                and inputs.edition_year = children.edition_year
                and inputs.input_code = children.parent_code
        where inputs.is_between
    ),
{%- endfor %}

inputs as (
    {%- for level in range(levels_between + 1) %}
        select * from inputs_{{ level }}
        {%- if not loop.last %}
            where not is_between
            union all
        {%- endif %}
    {%- endfor %}
),

-- What has no printed input at all cannot be computed; one that lacks some has bounds.
computable as (
    select distinct
        instrument,
        edition_year,
        component_code
    from inputs
    where is_printed
)

select
    inputs.instrument,
    inputs.edition_year,
    inputs.component_code,
    inputs.input_code,
    computed.aggregation,
    inputs.factor,
    inputs.is_direct,
    components.score_min,
    components.score_max,
    components.printed_step,
    components.effective_step
from inputs
inner join computable
    on
        inputs.instrument = computable.instrument
        and inputs.edition_year = computable.edition_year
        and inputs.component_code = computable.component_code
inner join components
    on
        inputs.instrument = components.instrument
        and inputs.edition_year = components.edition_year
        and inputs.input_code = components.component_code
inner join components as computed
    on
        inputs.instrument = computed.instrument
        and inputs.edition_year = computed.edition_year
        and inputs.component_code = computed.component_code
