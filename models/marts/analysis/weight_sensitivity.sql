-- How much of what happens to a ranking each component and its weight decide. Effective weight: the part of the
-- spread of the totals that the component brings. Sensitivity: of the spread in how far ranks move when weights are
-- drawn anew, the part that the weight of the component explains alone (first order), and with all others (total).
with contributions as (
    select
        *,
        case when weight_part is null then 0 else cast(floor(100000 * score_on_total_scale) as bigint) end as points,
        case when weight_part is null then 0 else 1 end as presence
    from {{ ref('score_contributions') }}
    where is_complete
),

totals as (
    select
        *,
        cast(coalesce(contribution, 0) as double) as part,
        cast(sum(coalesce(contribution, 0)) over of_total as double) as total
    from contributions
    window of_total as (partition by document_id, edition_year, region_code)
),

-- Covariances with the total add up to its variance.
spreads as (
    select
        document_id,
        instrument,
        edition_year,
        component_code,
        component_no,
        max(weight_official) as weight_official,
        count(*) as regions,
        covar_pop(part, total) / nullif(var_pop(total), 0) as effective_weight,
        case
            when count(score) > 1 and var_pop(cast(score as double)) > 0 and var_pop(total) > 0
                then corr(cast(score as double), total)
        end as correlation
    from totals
    group by document_id, instrument, edition_year, component_code, component_no
),

doubted as (
    select distinct
        contributions.document_id,
        contributions.instrument,
        contributions.edition_year,
        contributions.components,
        uncertainty.pairs,
        uncertainty.resamples,
        uncertainty.seed
    from contributions
    inner join {{ ref('weight_uncertainty') }} as uncertainty
        on
            contributions.instrument = uncertainty.instrument
            and {{ holds_in('uncertainty', 'contributions.edition_year') }}
),

editions as (
    select distinct
        instrument,
        edition_year,
        components,
        pairs,
        resamples,
        seed
    from doubted
),

-- Pairs of draws: the first so many, and as many after them. The numbers of a draw are independent of one another.
firsts as (
    select
        draws.*,
        editions.pairs,
        editions.components,
        draws.draw_no as pair_no
    from {{ ref('weight_draws') }} as draws
    inner join editions
        on
            draws.instrument = editions.instrument
            and draws.edition_year = editions.edition_year
            and draws.draw_no <= editions.pairs
),

paired as (
    select
        firsts.instrument,
        firsts.edition_year,
        firsts.pair_no,
        firsts.component_no,
        firsts.components,
        cast(1000000 * firsts.gamma as bigint) as gamma_first,
        cast(1000000 * seconds.gamma as bigint) as gamma_second
    from firsts
    inner join {{ ref('weight_draws') }} as seconds
        on
            firsts.instrument = seconds.instrument
            and firsts.edition_year = seconds.edition_year
            and firsts.component_no = seconds.component_no
            and firsts.pair_no + firsts.pairs = seconds.draw_no
),

-- Each pair is tried with the first draw's number of one component replaced by the second's, then as its first and as
-- its second draw.
trials as (
    select
        instrument,
        edition_year,
        pair_no,
        component_no,
        components,
        gamma_first,
        gamma_second,
        {{ each_number_to('components + 2') }} as trial_no
    from paired
),

swapped_numbers as (
    select
        *,
        case when trial_no in (component_no, components + 2) then gamma_second else gamma_first end as gamma
    from trials
),

tried_weights as (
    select
        instrument,
        edition_year,
        pair_no,
        trial_no,
        trial_no - components as draw_of_pair,
        {{ list_in_order('gamma', 'component_no') }} as gammas
    from swapped_numbers
    group by instrument, edition_year, pair_no, trial_no, components
),

scored_regions as (
    select
        contributions.document_id,
        contributions.instrument,
        contributions.edition_year,
        contributions.region_code,
        {{ list_in_order('contributions.points', 'contributions.component_no') }} as points,
        {{ list_in_order('contributions.presence', 'contributions.component_no') }} as presence,
        max(official.rank) as rank_official
    from contributions
    inner join {{ ref('scenario_rankings') }} as official
        on
            contributions.document_id = official.document_id
            and contributions.edition_year = official.edition_year
            and contributions.region_code = official.region_code
            and official.peer_group = 'all'
            and official.scenario_code = 'official'
    group by
        contributions.document_id, contributions.instrument, contributions.edition_year, contributions.region_code
),

numbered_regions as (
    select
        *,
        cast(dense_rank() over (order by document_id, edition_year) as integer) as document_no
    from scored_regions
),

tried_totals as (
    select
        regions.document_no,
        regions.rank_official,
        trials.pair_no,
        trials.trial_no,
        trials.draw_of_pair,
        {{ weighted_total('trials.gammas', 'regions', 1000) }} as total
    from numbered_regions as regions
    inner join tried_weights as trials
        on
            regions.instrument = trials.instrument
            and regions.edition_year = trials.edition_year
),

tried_ranks as (
    select
        document_no,
        pair_no,
        trial_no,
        draw_of_pair,
        rank_official,
        rank() over (partition by document_no, pair_no, trial_no order by total desc) as rank
    from tried_totals
),

-- What is explained: the places by which regions move, all together.
movements as (
    select
        document_no,
        pair_no,
        trial_no,
        draw_of_pair,
        cast(sum(abs(rank - rank_official)) as double) as places
    from tried_ranks
    group by document_no, pair_no, trial_no, draw_of_pair
),

centred as (
    select
        *,
        places - avg(case when draw_of_pair >= 1 then places end) over (partition by document_no) as moved
    from movements
),

outcomes as (
    select
        swapped.document_no,
        swapped.pair_no,
        swapped.trial_no as component_no,
        firsts.moved as first_moved,
        seconds.moved as second_moved,
        swapped.moved as swapped_moved
    from centred as swapped
    inner join centred as firsts
        on
            swapped.document_no = firsts.document_no
            and swapped.pair_no = firsts.pair_no
            and firsts.draw_of_pair = 1
    inner join centred as seconds
        on
            swapped.document_no = seconds.document_no
            and swapped.pair_no = seconds.pair_no
            and seconds.draw_of_pair = 2
    where swapped.draw_of_pair <= 0
),

-- Pairs drawn again with replacement; resample 0 is the pairs themselves.
numbered_resamples as (
    select
        *,
        {{ each_number_to('resamples + 1') }} as resample
    from editions
),

resampled_pairs as (
    select
        instrument,
        edition_year,
        pairs,
        seed,
        resample - 1 as resample_no,
        {{ each_number_to('pairs') }} as place
    from numbered_resamples
),

chosen_pairs as (
    select
        instrument,
        edition_year,
        resample_no,
        case
            when resample_no = 0 then place
            else 1 + {{ hexadecimal(
                "substr(md5(concat_ws('/', seed, instrument, edition_year, 'pairs', resample_no, place)), 1, 12)"
            ) }} % pairs
        end as pair_no
    from resampled_pairs
),

document_numbers as (
    select distinct
        document_no,
        document_id,
        instrument,
        edition_year
    from numbered_regions
),

-- Estimators of Saltelli et al. (2010) for the first order, of Jansen (1999) for the total.
estimates as (
    select
        documents.document_id,
        documents.edition_year,
        outcomes.component_no,
        chosen.resample_no,
        avg(outcomes.second_moved * (outcomes.swapped_moved - outcomes.first_moved))
        / nullif((var_pop(outcomes.first_moved) + var_pop(outcomes.second_moved)) / 2e0, 0e0) as first_order,
        avg((outcomes.first_moved - outcomes.swapped_moved) * (outcomes.first_moved - outcomes.swapped_moved))
        / nullif(var_pop(outcomes.first_moved) + var_pop(outcomes.second_moved), 0e0) as total_effect
    from chosen_pairs as chosen
    inner join document_numbers as documents
        on
            chosen.instrument = documents.instrument
            and chosen.edition_year = documents.edition_year
    inner join outcomes
        on
            documents.document_no = outcomes.document_no
            and chosen.pair_no = outcomes.pair_no
    group by documents.document_id, documents.edition_year, outcomes.component_no, chosen.resample_no
),

ordered_estimates as (
    select
        *,
        {%- for index in ['first_order', 'total_effect'] %}
            row_number() over (
                partition by document_id, edition_year, component_no order by {{ index }}
            ) as {{ index }}_place,
        {%- endfor %}
        count(*) over (partition by document_id, edition_year, component_no) as resamples
    from estimates
    where resample_no > 0
),

-- From 2.5 to 97.5 percent of the resamples.
intervals as (
    select
        {%- for index in ['first_order', 'total_effect'] %}
            min(case when 1000 * {{ index }}_place >= 25 * resamples then {{ index }} end) as {{ index }}_low,
            min(case when 1000 * {{ index }}_place >= 975 * resamples then {{ index }} end) as {{ index }}_high,
        {%- endfor %}
        document_id,
        edition_year,
        component_no
    from ordered_estimates
    group by document_id, edition_year, component_no
)

select
    {%- for index in ['first_order', 'total_effect'] %}
        cast(estimates.{{ index }} as decimal(9, 6)) as {{ index }},
        cast(intervals.{{ index }}_low as decimal(9, 6)) as {{ index }}_low,
        cast(intervals.{{ index }}_high as decimal(9, 6)) as {{ index }}_high,
    {%- endfor %}
    spreads.document_id,
    spreads.instrument,
    spreads.edition_year,
    spreads.component_code,
    spreads.component_no,
    spreads.regions,
    spreads.weight_official,
    cast(spreads.effective_weight as decimal(9, 6)) as effective_weight,
    cast(spreads.correlation as decimal(9, 6)) as correlation,
    doubted.pairs,
    doubted.resamples
from spreads
left join doubted
    on
        spreads.document_id = doubted.document_id
        and spreads.edition_year = doubted.edition_year
left join estimates
    on
        spreads.document_id = estimates.document_id
        and spreads.edition_year = estimates.edition_year
        and spreads.component_no = estimates.component_no
        and estimates.resample_no = 0
left join intervals
    on
        spreads.document_id = intervals.document_id
        and spreads.edition_year = intervals.edition_year
        and spreads.component_no = intervals.component_no
