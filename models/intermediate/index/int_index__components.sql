-- Score trees are kept with the years for which they hold; here they are laid out for each edition that was printed.
with editions as (
    select
        instrument,
        edition_year
    from {{ ref('document_register') }}
    union
    select
        'accountability' as instrument,
        edition_year
    from {{ ref('stg_accountability__components') }}
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
)

select
    components.instrument,
    components.edition_year,
    components.component_code,
    components.parent_code,
    components.component_level,
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
left join components as parents
    on
        components.instrument = parents.instrument
        and components.edition_year = parents.edition_year
        and components.parent_code = parents.component_code
