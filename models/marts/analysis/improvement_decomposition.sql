-- What each component brought to the change of a total since the edition before. Known where the components of both are
-- printed. Where only the total of the year before is, among this year's scores, each component can have brought all
-- that its scale and that total leave open: bounds, and no guess. Where other components were scored than the year
-- before, or with other weights, part of the change is that of the weights, which no component brought.
with contributions as (
    select
        {%- for bound in ['low', 'high'] %}
            cast(
                {{ exact_quotient(
                    'scores.rounding_' ~ bound ~ ' * contributions.weight_part', 'contributions.weight_whole', 6
                ) }}
                as decimal(18, 6)
            ) as contribution_{{ bound }},
        {%- endfor %}
        contributions.*,
        count(*) over (
            partition by contributions.document_id, contributions.edition_year, contributions.region_code
        ) as components_weighed
    from {{ ref('score_contributions') }} as contributions
    inner join {{ ref('score_intervals') }} as scores
        on
            contributions.document_id = scores.document_id
            and contributions.edition_year = scores.edition_year
            and contributions.region_code = scores.region_code
            and contributions.component_code = scores.component_code
    where contributions.weight_part > 0
),

totals as (
    select * from {{ ref('score_intervals') }}
    where
        component_depth = 0
        and score is not null
),

-- The edition of the year before: as the same document prints it, else as another does.
editions as (
    select
        totals.document_id,
        totals.instrument,
        totals.edition_year,
        totals.region_code,
        totals.score as total,
        previous.document_id as previous_document_id,
        previous.score as previous_total,
        previous.rounding_low as previous_low,
        previous.rounding_high as previous_high,
        row_number() over (
            partition by totals.document_id, totals.edition_year, totals.region_code
            order by case when totals.document_id = previous.document_id then 0 else 1 end, previous.document_id
        ) as choice
    from totals
    inner join totals as previous
        on
            totals.instrument = previous.instrument
            and totals.region_code = previous.region_code
            and totals.edition_year - 1 = previous.edition_year
),

-- A printed difference names the component that holds the total of the year before.
previous_components as (
    select
        components.instrument,
        components.edition_year,
        components.component_code,
        components.parent_code,
        components.printed_step,
        components.score_min,
        components.score_max,
        case parents.aggregation when 'weighted_mean' then components.weight else 1 end as factor,
        parents.aggregation as parent_aggregation
    from {{ ref('score_differences') }} as minuends
    inner join {{ ref('score_differences') }} as subtrahends
        on
            minuends.instrument = subtrahends.instrument
            and minuends.valid_from = subtrahends.valid_from
            and minuends.component_code = subtrahends.component_code
            and minuends.factor = 1
            and subtrahends.factor = -1
    inner join {{ ref('score_components') }} as components
        on
            subtrahends.instrument = components.instrument
            and subtrahends.input_code = components.component_code
            and {{ holds_in('subtrahends', 'components.edition_year') }}
    inner join {{ ref('score_components') }} as totals
        on
            minuends.instrument = totals.instrument
            and minuends.input_code = totals.component_code
            and components.edition_year = totals.edition_year
            and totals.component_depth = 0
    left join {{ ref('score_components') }} as parents
        on
            components.instrument = parents.instrument
            and components.edition_year = parents.edition_year
            and components.parent_code = parents.component_code
),

carried_totals as (
    select
        totals.document_id,
        totals.instrument,
        totals.edition_year,
        totals.region_code,
        totals.score as total,
        scores.score_published as previous_total,
        {{ interval_low('scores.score_published', half('components.printed_step'), 'components.score_min') }}
            as previous_low,
        {{ interval_high('scores.score_published', half('components.printed_step'), 'components.score_max') }}
            as previous_high,
        components.parent_code as carrier_code,
        -- How much of its parent it is.
        case components.parent_aggregation
            when 'mean' then {{ exact_quotient('scores.score_published', 'parents.children_expected', 4) }}
            else scores.score_published * components.factor
        end as carried_score
    from totals
    inner join previous_components as components
        on
            totals.instrument = components.instrument
            and totals.edition_year = components.edition_year
    inner join {{ ref('index_scores') }} as scores
        on
            totals.document_id = scores.document_id
            and totals.edition_year = scores.edition_year
            and totals.region_code = scores.region_code
            and components.component_code = scores.component_code
            and scores.score_published is not null
    left join {{ ref('index_scores') }} as parents
        on
            totals.document_id = parents.document_id
            and totals.edition_year = parents.edition_year
            and totals.region_code = parents.region_code
            and components.parent_code = parents.component_code
),

-- Of the sum of the year before, the other components leave to each what they do not take.
carried as (
    select
        contributions.*,
        carried_totals.total,
        carried_totals.previous_total,
        carried_totals.previous_low * contributions.weight_whole as sum_low,
        carried_totals.previous_high * contributions.weight_whole as sum_high,
        contributions.weight_part * contributions.score_min as own_low,
        contributions.weight_part * contributions.score_max as own_high,
        sum(contributions.weight_part * contributions.score_min) over of_total as all_low,
        sum(contributions.weight_part * contributions.score_max) over of_total as all_high,
        case when contributions.component_code = carried_totals.carrier_code then carried_totals.carried_score end
            as carried_score
    from contributions
    inner join carried_totals
        on
            contributions.document_id = carried_totals.document_id
            and contributions.edition_year = carried_totals.edition_year
            and contributions.region_code = carried_totals.region_code
    window of_total as (partition by contributions.document_id, contributions.edition_year, contributions.region_code)
),

bounded as (
    select
        *,
        {{ exact_quotient('greatest(own_low, sum_low - (all_high - own_high))', 'weight_whole', 6) }} as before_low,
        {{ exact_quotient('least(own_high, sum_high - (all_low - own_low))', 'weight_whole', 6) }} as before_high
    from carried
),

paired as (
    select
        contributions.document_id,
        contributions.instrument,
        contributions.edition_year,
        contributions.region_code,
        contributions.component_code,
        contributions.component_no,
        editions.previous_document_id,
        editions.total,
        editions.previous_total,
        contributions.score,
        previous.score as previous_score,
        contributions.contribution - previous.contribution as change,
        contributions.contribution_low - previous.contribution_high as change_low,
        contributions.contribution_high - previous.contribution_low as change_high,
        contributions.components_weighed = previous.components_weighed
        and contributions.components_weighed = count(*) over of_total
        and min(
            case
                when
                    contributions.weight_part * previous.weight_whole
                    = previous.weight_part * contributions.weight_whole
                    then 1
                else 0
            end
        ) over of_total = 1 as is_weighed_alike
    from editions
    inner join contributions
        on
            editions.document_id = contributions.document_id
            and editions.edition_year = contributions.edition_year
            and editions.region_code = contributions.region_code
    inner join contributions as previous
        on
            editions.previous_document_id = previous.document_id
            and editions.edition_year - 1 = previous.edition_year
            and editions.region_code = previous.region_code
            and contributions.component_code = previous.component_code
    where
        editions.choice = 1
        and contributions.is_complete
        and previous.is_complete
    window
        of_total as (partition by contributions.document_id, contributions.edition_year, contributions.region_code)
),

changes as (
    select
        document_id,
        instrument,
        edition_year,
        region_code,
        component_code,
        component_no,
        previous_document_id,
        total,
        previous_total,
        score,
        previous_score,
        {%- for bound in ['', '_low', '_high'] %}
            case when is_weighed_alike then change{{ bound }} end as change{{ bound }},
        {%- endfor %}
        cast(null as decimal(18, 6)) as carried_over,
        case when not is_weighed_alike then 'weighed_otherwise' end as withheld_reason
    from paired
    union all
    select
        bounded.document_id,
        bounded.instrument,
        bounded.edition_year,
        bounded.region_code,
        bounded.component_code,
        bounded.component_no,
        cast(null as string) as previous_document_id,
        bounded.total,
        bounded.previous_total,
        bounded.score,
        cast(null as decimal(9, 4)) as previous_score,
        cast(null as decimal(18, 6)) as change,
        bounded.contribution_low - bounded.before_high as change_low,
        bounded.contribution_high - bounded.before_low as change_high,
        cast(
            {{ exact_quotient('bounded.carried_score * bounded.weight_part', 'bounded.weight_whole', 8) }}
            as decimal(18, 6)
        ) as carried_over,
        'only_last_total_printed' as withheld_reason
    from bounded
    left join paired
        on
            bounded.document_id = paired.document_id
            and bounded.edition_year = paired.edition_year
            and bounded.region_code = paired.region_code
            and bounded.component_code = paired.component_code
    where paired.component_code is null
)

select
    changes.document_id,
    changes.instrument,
    changes.edition_year,
    changes.region_code,
    changes.component_code,
    changes.component_no,
    changes.previous_document_id,
    changes.total,
    changes.previous_total,
    cast(changes.total - changes.previous_total as decimal(9, 4)) as total_change,
    changes.score,
    changes.previous_score,
    cast(changes.change as decimal(18, 6)) as change,
    cast(changes.change_low as decimal(18, 6)) as change_low,
    cast(changes.change_high as decimal(18, 6)) as change_high,
    changes.carried_over,
    changes.withheld_reason,
    reasons.label_id as withheld_reason_id,
    reasons.label_en as withheld_reason_en
from changes
left join {{ ref('withheld_reasons') }} as reasons on changes.withheld_reason = reasons.reason_code
