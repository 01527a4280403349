-- What is worked out over many marts, reached from single ones. A profile: its counts from the rankings, scores,
-- findings and agencies themselves, its highest and lowest place from their percentiles. A scenario: its total from the
-- scores and weights multiplied out, its rank from how many are higher. Effective weights add up to one. Weights are
-- drawn where they are doubted, as often as is said there.
with rankings as (
    select
        rankings.document_id,
        rankings.instrument,
        rankings.edition_year,
        rankings.region_code,
        rankings.percentile,
        max(rankings.edition_year) over (partition by rankings.instrument, rankings.region_code) as latest_year
    from {{ ref('index_rankings') }} as rankings
    inner join {{ ref('regions') }} as regions
        on
            rankings.region_code = regions.region_code
            and rankings.peer_group = regions.region_type
),

ranked as (
    select
        region_code,
        count(distinct concat(instrument, edition_year)) as evaluations,
        max(edition_year) as latest_year
    from rankings
    group by region_code
),

places as (
    select
        region_code,
        0 as depth,
        instrument as place,
        percentile
    from rankings
    where
        edition_year = latest_year
        and percentile is not null
    union all
    select
        benchmarks.region_code,
        1 as depth,
        concat_ws(' ', benchmarks.instrument, benchmarks.component_code) as place,
        benchmarks.percentile
    from {{ ref('peer_benchmarks') }} as benchmarks
    inner join rankings
        on
            benchmarks.document_id = rankings.document_id
            and benchmarks.edition_year = rankings.edition_year
            and benchmarks.region_code = rankings.region_code
            and rankings.edition_year = rankings.latest_year
    inner join {{ ref('regions') }} as regions
        on
            benchmarks.region_code = regions.region_code
            and benchmarks.peer_group = regions.region_type
    where
        benchmarks.component_depth = 1
        and benchmarks.percentile is not null
),

-- Of places alike, the first by name.
extremes as (
    select
        region_code,
        depth,
        max(percentile) as highest,
        min(percentile) as lowest,
        min(case when is_highest then place end) as first_highest,
        min(case when is_lowest then place end) as first_lowest
    from (
        select
            *,
            percentile = max(percentile) over (partition by region_code, depth) as is_highest,
            percentile = min(percentile) over (partition by region_code, depth) as is_lowest
        from places
    ) as compared
    group by region_code, depth
),

scores as (
    select
        scores.*,
        components.component_depth
    from {{ ref('index_scores') }} as scores
    inner join {{ ref('score_components') }} as components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
),

profiles as (
    select
        profiles.*,
        (select count(distinct concat(loaded.instrument, loaded.edition_year)) from rankings as loaded) as loaded,
        coalesce(ranked.evaluations, 0) as ranked_evaluations,
        ranked.latest_year,
        totals.highest,
        totals.first_highest,
        totals.lowest,
        totals.first_lowest,
        parts.highest as part_highest,
        parts.first_highest as part_first_highest,
        parts.lowest as part_lowest,
        parts.first_lowest as part_first_lowest,
        (
            select count(*) from scores
            where
                scores.region_code = profiles.region_code
                and scores.component_depth = 0
                and scores.absence_code is not null
        ) as words,
        (
            select count(*) from scores
            where
                scores.region_code = profiles.region_code
                and scores.component_depth <= 1
                and scores.is_disputed
        ) as disputes,
        (
            select count(*) from {{ ref('findings') }} as found
            where found.subject_code = profiles.region_code
        ) as faults,
        (
            select count(*) from {{ ref('agencies') }} as own
            where own.region_code = profiles.region_code
        ) as forms
    from {{ ref('regions') }} as regions
    left join {{ ref('region_profiles') }} as profiles
        on
            regions.region_code = profiles.region_code
            and regions.region_name = profiles.region_name
            and regions.region_type = profiles.region_type
            and regions.province_code = profiles.province_code
    left join ranked on regions.region_code = ranked.region_code
    left join extremes as totals
        on
            regions.region_code = totals.region_code
            and totals.depth = 0
    left join extremes as parts
        on
            regions.region_code = parts.region_code
            and parts.depth = 1
),

wrong_profiles as (
    select concat('region_profiles, ', coalesce(region_code, 'a region'), ': not what other marts say of it') as message
    from profiles
    where
        region_code is null
        or evaluations_loaded != loaded
        or evaluations_scored != ranked_evaluations
        or latest_edition_year is distinct from latest_year
        or not {{ is_percentage('coverage_pct', 'ranked_evaluations', 'loaded') }}
        or evaluations_without_score != words
        or disputed_scores != disputes
        or findings != faults
        or agencies != forms
        or strongest_percentile is distinct from highest
        or strongest_instrument is distinct from first_highest
        or weakest_percentile is distinct from lowest
        or weakest_instrument is distinct from first_lowest
        or strongest_component_percentile is distinct from part_highest
        or concat_ws(' ', strongest_component_instrument, strongest_component_code) != coalesce(part_first_highest, '')
        or weakest_component_percentile is distinct from part_lowest
        or concat_ws(' ', weakest_component_instrument, weakest_component_code) != coalesce(part_first_lowest, '')
),

trees as (
    select
        instrument,
        edition_year,
        count(*) as components
    from {{ ref('score_components') }}
    where component_depth = 1
    group by instrument, edition_year
),

-- Every total of which each part is printed, or a word in its place, with the parts as the tree weighs them: those of a
-- sum are scored against what they weigh.
printed_parts as (
    select
        children.document_id,
        children.instrument,
        children.edition_year,
        children.region_code,
        children.component_code,
        totals.score_recomputed as total,
        parents.aggregation,
        case when parents.aggregation = 'mean' then 1 else components.weight end as weight,
        case
            when parents.aggregation = 'sum' then children.score_published else
                case when parents.aggregation = 'mean' then 1 else components.weight end * children.score_published
        end as weighed,
        case when parents.aggregation = 'sum' then components.weight else 1 end as scale,
        children.score_published as score,
        count(*) over (partition by children.document_id, children.edition_year, children.region_code) as parts_printed
    from scores as children
    inner join {{ ref('score_components') }} as components
        on
            children.instrument = components.instrument
            and children.edition_year = components.edition_year
            and children.component_code = components.component_code
    inner join {{ ref('score_components') }} as parents
        on
            components.instrument = parents.instrument
            and components.edition_year = parents.edition_year
            and components.parent_code = parents.component_code
            and parents.component_depth = 0
    inner join scores as totals
        on
            children.document_id = totals.document_id
            and children.edition_year = totals.edition_year
            and children.region_code = totals.region_code
            and parents.component_code = totals.component_code
    where
        children.score_published is not null
        or children.absence_code is not null
),

parts as (
    select printed_parts.*
    from printed_parts
    inner join trees
        on
            printed_parts.instrument = trees.instrument
            and printed_parts.edition_year = trees.edition_year
            and printed_parts.parts_printed = trees.components
    where printed_parts.score is not null
),

scenarios as (
    select
        rankings.document_id,
        rankings.edition_year,
        rankings.region_code,
        rankings.peer_group,
        rankings.scenario_code,
        rankings.score,
        rankings.rank,
        rankings.rank_official,
        rankings.places_gained,
        rankings.group_size,
        count(*) over of_group as peers,
        count(*) over not_higher as level_or_lower,
        max(case when rankings.scenario_code = 'official' then rankings.rank end) over (
            partition by rankings.document_id, rankings.edition_year, rankings.region_code, rankings.peer_group
        ) as official
    from {{ ref('scenario_rankings') }} as rankings
    window
        of_group as (
            partition by rankings.document_id, rankings.edition_year, rankings.peer_group, rankings.scenario_code
        ),
        not_higher as (
            partition by rankings.document_id, rankings.edition_year, rankings.peer_group, rankings.scenario_code
            order by rankings.score range between unbounded preceding and current row
        )
),

worked_out as (
    select
        scenarios.document_id,
        scenarios.edition_year,
        scenarios.region_code,
        scenarios.scenario_code,
        max(rules.weighting) as weighting,
        max(rules.aggregation) as aggregation,
        max(scenarios.score) as score,
        max(parts.total) as total,
        count(*) as parts,
        sum(parts.weight) as weights,
        sum(parts.weighed) as weighed,
        -- A total that lacks the component is as it was.
        sum(
            case
                when scenarios.scenario_code like concat('%without_', parts.component_code) then parts.weight else 0
            end
        )
            as weight_without,
        sum(
            case
                when scenarios.scenario_code like concat('%without_', parts.component_code) then parts.weighed else 0
            end
        )
            as weighed_without,
        sum(parts.score / parts.scale) as plain_sum,
        sum(listed.weight) as listed_weights,
        sum(listed.weight * parts.score / parts.scale) as listed_sum,
        min(parts.score) as lowest,
        count(case when parts.score / parts.scale <= scenarios.score + 0.000001 then 1 end) as not_above,
        count(case when parts.score / parts.scale >= scenarios.score - 0.000001 then 1 end) as not_below,
        max(case when parts.score / parts.scale <= scenarios.score + 0.000001 then parts.score / parts.scale end)
            as next_below,
        min(case when parts.score / parts.scale >= scenarios.score - 0.000001 then parts.score / parts.scale end)
            as next_above,
        sum(parts.weight * ln(cast(case when parts.score > 0 then parts.score / parts.scale else 1 end as double)))
            as logarithms
    from (
        select * from scenarios
        where peer_group = 'all'
    ) as scenarios
    inner join parts
        on
            scenarios.document_id = parts.document_id
            and scenarios.edition_year = parts.edition_year
            and scenarios.region_code = parts.region_code
    left join {{ ref('scenarios') }} as rules on scenarios.scenario_code = rules.scenario_code
    left join {{ ref('scenario_weights') }} as listed
        on
            scenarios.scenario_code = listed.scenario_code
            and parts.component_code = listed.component_code
    group by scenarios.document_id, scenarios.edition_year, scenarios.region_code, scenarios.scenario_code
),

wrong_scenarios as (
    select
        concat_ws(
            ', ', 'scenario_rankings', document_id, edition_year, region_code, scenario_code,
            concat(score, ' is not what its components give')
        ) as message
    from worked_out
    where
        not coalesce(
            case
                when aggregation = 'median'
                    then
                        2 * not_above >= parts and 2 * not_below >= parts
                        and abs(2 * score - next_below - next_above) <= 0.000002
                when aggregation = 'geometric_mean' and lowest <= 0 then score = 0
                when aggregation = 'geometric_mean'
                    then abs(ln(cast(score as double)) * weights - logarithms) <= 0.000001 * weights
                when weighting = 'official' then abs(score - total) <= 0.000001
                when weighting = 'equal' then abs(score * parts - plain_sum) <= 0.000001 * parts
                when weighting = 'listed' then abs(score * listed_weights - listed_sum) <= 0.000001 * listed_weights
                when weighting is null
                    then abs(score * (weights - weight_without) - (weighed - weighed_without)) <= 0.000001 * weights
            end,
            false
        )
    union all
    select
        concat_ws(
            ', ', 'scenario_rankings', document_id, edition_year, region_code, peer_group, scenario_code,
            concat('rank ', rank, ' of ', group_size, ' is not that of its score')
        ) as message
    from scenarios
    where
        group_size != peers
        or rank != peers - level_or_lower + 1
        or rank_official is distinct from official
        or places_gained is distinct from rank_official - rank
),

-- In both of its groups each complete total has all scenarios of its evaluation, and one without each component that
-- leaves it another.
lost_scenarios as (
    select
        concat_ws(
            ', ', 'scenario_rankings', totals.document_id, totals.edition_year, totals.region_code,
            concat(totals.rows_of_total, ' rows')
        ) as message
    from (
        select
            parts.document_id,
            parts.instrument,
            parts.edition_year,
            parts.region_code,
            count(distinct concat(scenarios.scenario_code, ' ', scenarios.peer_group)) as rows_of_total,
            count(distinct parts.component_code) as parts
        from parts
        left join scenarios
            on
                parts.document_id = scenarios.document_id
                and parts.edition_year = scenarios.edition_year
                and parts.region_code = scenarios.region_code
        group by parts.document_id, parts.instrument, parts.edition_year, parts.region_code
    ) as totals
    inner join trees
        on
            totals.instrument = trees.instrument
            and totals.edition_year = trees.edition_year
    inner join {{ ref('scenarios') }} as rules
        on
            (rules.instrument is null or totals.instrument = rules.instrument)
            and {{ holds_in('rules', 'totals.edition_year') }}
    group by
        totals.document_id,
        totals.edition_year,
        totals.region_code,
        totals.rows_of_total,
        totals.parts,
        trees.components
    having
        totals.rows_of_total != 2 * sum(
            case
                when rules.weighting != 'without_one' then 1
                when totals.parts = 1 then trees.components - 1
                else trees.components
            end
        )
),

unshared as (
    select
        concat_ws(
            ', ', 'weight_sensitivity', document_id, edition_year,
            concat('effective weights add up to ', sum(effective_weight))
        ) as message
    from {{ ref('weight_sensitivity') }}
    where effective_weight is not null
    group by document_id, edition_year
    having abs(sum(effective_weight) - 1) > 0.00001
),

undoubted as (
    select
        concat_ws(
            ', ', 'weight_draws', drawn.instrument, drawn.edition_year,
            concat(drawn.draws, ' draws, where weight_uncertainty has ', coalesce(sum(doubts.draws), 0))
        ) as message
    from (
        select
            instrument,
            edition_year,
            count(distinct draw_no) as draws
        from {{ ref('weight_draws') }}
        group by instrument, edition_year
    ) as drawn
    left join {{ ref('weight_uncertainty') }} as doubts
        on
            drawn.instrument = doubts.instrument
            and {{ holds_in('doubts', 'drawn.edition_year') }}
    group by drawn.instrument, drawn.edition_year, drawn.draws
    having drawn.draws != coalesce(sum(doubts.draws), 0)
)

select message from wrong_profiles
union all
select message from wrong_scenarios
union all
select message from lost_scenarios
union all
select message from unshared
union all
select message from undoubted
