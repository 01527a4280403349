-- Totals and ranks if components had been weighed or combined otherwise. Scenarios are data; one that leaves a
-- component out stands once per component.
with contributions as (
    select * from {{ ref('score_contributions') }}
    where is_complete
),

inputs as (
    select distinct
        contributions.instrument,
        contributions.edition_year,
        contributions.component_code,
        contributions.component_no,
        case
            when contributions.aggregation = 'mean' then 1
            else {{ as_integer('contributions.weight_official', 4) }}
        end as weight_official,
        components.label_id,
        components.label_en
    from contributions
    inner join {{ ref('score_components') }} as components
        on
            contributions.instrument = components.instrument
            and contributions.edition_year = components.edition_year
            and contributions.component_code = components.component_code
),

chosen as (
    select
        inputs.*,
        scenarios.scenario_code,
        scenarios.weighting,
        scenarios.aggregation,
        scenarios.label_id as scenario_label_id,
        scenarios.label_en as scenario_label_en
    from inputs
    inner join {{ ref('scenarios') }} as scenarios
        on
            coalesce(scenarios.instrument, inputs.instrument) = inputs.instrument
            and {{ holds_in('scenarios', 'inputs.edition_year') }}
),

weighed as (
    select
        chosen.instrument,
        chosen.edition_year,
        chosen.component_code,
        chosen.scenario_code,
        chosen.aggregation,
        chosen.scenario_label_id as label_id,
        chosen.scenario_label_en as label_en,
        case chosen.weighting
            when 'official' then chosen.weight_official
            when 'equal' then 1
            when 'listed' then coalesce({{ as_integer('listed.weight', 4) }}, 0)
        end as weight_part
    from chosen
    left join {{ ref('scenario_weights') }} as listed
        on
            chosen.scenario_code = listed.scenario_code
            and chosen.component_code = listed.component_code
    where chosen.weighting != 'without_one'
    union all
    select
        chosen.instrument,
        chosen.edition_year,
        chosen.component_code,
        concat(chosen.scenario_code, '_', left_out.component_code) as scenario_code,
        chosen.aggregation,
        {{ fill_template('chosen.scenario_label_id', {'component': 'left_out.label_id'}) }} as label_id,
        {{ fill_template('chosen.scenario_label_en', {'component': 'left_out.label_en'}) }} as label_en,
        case when chosen.component_code = left_out.component_code then 0 else chosen.weight_official end as weight_part
    from chosen
    inner join inputs as left_out
        on
            chosen.instrument = left_out.instrument
            and chosen.edition_year = left_out.edition_year
    where chosen.weighting = 'without_one'
),

placed as (
    select
        contributions.document_id,
        contributions.instrument,
        contributions.edition_year,
        contributions.region_code,
        weighed.scenario_code,
        weighed.aggregation,
        weighed.label_id,
        weighed.label_en,
        weighed.weight_part,
        contributions.score_on_total_scale as score,
        row_number() over of_total as place,
        count(*) over (
            partition by
                contributions.document_id, contributions.edition_year, contributions.region_code, weighed.scenario_code
        ) as scores
    from contributions
    inner join weighed
        on
            contributions.instrument = weighed.instrument
            and contributions.edition_year = weighed.edition_year
            and contributions.component_code = weighed.component_code
    where
        contributions.weight_part > 0
        and weighed.weight_part > 0
    window of_total as (
        partition by
            contributions.document_id, contributions.edition_year, contributions.region_code, weighed.scenario_code
        order by contributions.score_on_total_scale, contributions.component_no
    )
),

-- A geometric mean with a score of zero is zero; it is the only total that is not exact.
totals as (
    select
        document_id,
        instrument,
        edition_year,
        region_code,
        scenario_code,
        max(label_id) as label_id,
        max(label_en) as label_en,
        cast(
            case aggregation
                when 'arithmetic_mean' then {{ exact_quotient('sum(weight_part * score)', 'sum(weight_part)', 8) }}
                when 'median' then {{ quartile(2, 'score', 'place', 'scores') }}
                when 'geometric_mean'
                    then case
                        when min(score) <= 0 then 0
                        else exp(
                            sum(
                                cast(weight_part as double)
                                * ln(cast(case when score > 0 then score else 1 end as double))
                            )
                            / sum(cast(weight_part as double))
                        )
                    end
            end
            as decimal(18, 6)
        ) as score
    from placed
    group by document_id, instrument, edition_year, region_code, scenario_code, aggregation
),

ranked as (
    select
        totals.*,
        peers.peer_group,
        rank() over (
            partition by totals.document_id, totals.edition_year, totals.scenario_code, peers.peer_group
            order by totals.score desc
        ) as rank,
        count(*) over (
            partition by totals.document_id, totals.edition_year, totals.scenario_code, peers.peer_group
        ) as group_size
    from totals
    inner join {{ ref('peer_groups') }} as peers
        on
            totals.region_code = peers.region_code
            and peers.area_kind = 'nation'
)

select
    ranked.document_id,
    ranked.instrument,
    ranked.edition_year,
    ranked.region_code,
    ranked.peer_group,
    ranked.scenario_code,
    ranked.label_id,
    ranked.label_en,
    ranked.score,
    cast(ranked.rank as bigint) as rank,
    cast(official.rank as bigint) as rank_official,
    cast(official.rank - ranked.rank as bigint) as places_gained,
    ranked.group_size
from ranked
left join ranked as official
    on
        ranked.document_id = official.document_id
        and ranked.edition_year = official.edition_year
        and ranked.region_code = official.region_code
        and ranked.peer_group = official.peer_group
        and official.scenario_code = 'official'
