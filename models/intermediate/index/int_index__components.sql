{%- set deepest = 6 -%}

-- Score trees are kept with the years for which they hold; here they are laid out for each edition that was printed,
-- each component with its depth below the total. A difference of components stands beside the tree and has none.
with editions as (
    select
        instrument,
        edition_year
    from {{ ref('document_register') }}
    union
    -- A document may print earlier editions beside its own.
    select
        documents.instrument,
        scores.edition_year
    from {{ ref('stg_lists__scores') }} as scores
    inner join {{ ref('document_register') }} as documents on scores.document_id = documents.document_id
    where scores.edition_year is not null
),

components as (
    select
        components.*,
        editions.edition_year
    from {{ ref('score_trees') }} as components
    inner join editions
        on
            components.instrument = editions.instrument
            and {{ holds_in('components', 'editions.edition_year') }}
),

depth_0 as (
    select
        instrument,
        edition_year,
        component_code,
        0 as component_depth
    from components
    where
        parent_code is null
        and aggregation != 'difference'
),

{%- for depth in range(1, deepest + 1) %}

    depth_{{ depth }} as (
        select
            components.instrument,
            components.edition_year,
            components.component_code,
            {{ depth }} as component_depth
        from components
        inner join depth_{{ depth - 1 }} as parents
            on
                components.instrument = parents.instrument
                and components.edition_year = parents.edition_year
                and components.parent_code = parents.component_code
    ),
{%- endfor %}

depths as (
    {%- for depth in range(deepest + 1) %}
        select * from depth_{{ depth }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    components.instrument,
    components.edition_year,
    components.component_code,
    components.parent_code,
    components.component_level,
    depths.component_depth,
    components.aggregation,
    parents.aggregation as parent_aggregation,
    components.weight,
    -- How much a child counts in the sum that its parent is computed from.
    cast(case when parents.aggregation = 'weighted_mean' then components.weight else 1 end as decimal(5, 4)) as factor,
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
left join depths
    on
        components.instrument = depths.instrument
        and components.edition_year = depths.edition_year
        and components.component_code = depths.component_code
left join components as parents
    on
        components.instrument = parents.instrument
        and components.edition_year = parents.edition_year
        and components.parent_code = parents.component_code
