-- Totals and ranks under other weights of the scores that a total is computed from, beside the published ones. Weights that are not named stay; together they add up to 1: what_if('smart_city', {'baseline': 0.2, 'outcome': 0.2}).
-- Nilai akhir dan peringkat dengan bobot lain; bobot yang tidak disebut tetap, dan semuanya berjumlah 1.
create macro what_if(of_instrument, weights := null, in_year := null) as table
with given as (
    select unnest(map_entries(cast(weights as map(varchar, decimal(9, 8)))), recursive := true)
),

parts as (
    select
        totals.edition_year,
        components.component_code,
        coalesce(
            given.value,
            case when totals.aggregation = 'weighted_mean' then components.counted_with else components.weight end
        ) as weight,
        -- A component that is only added up is weighted already: it counts by how its weight changes.
        case when totals.aggregation = 'sum' then components.weight else 1 end as weight_within
    from marts.score_components as totals
    inner join marts.score_components as components
        on
            totals.instrument = components.instrument
            and totals.edition_year = components.edition_year
            and totals.component_code = components.counted_into
    left join given on components.component_code = given.key
    where
        totals.instrument = of_instrument
        and totals.component_depth = 0
        and totals.edition_year = coalesce(
            in_year,
            (select max(edition_year) from marts.score_components where instrument = of_instrument)
        )
),

together as (
    select
        coalesce(list(component_code order by component_code), []) as codes,
        sum(weight) as all_weights,
        count(*) filter (where weight != 0) as counting,
        count(*) filter (where weight is null) as without_weight
    from parts
),

checked as (
    select
        *,
        case
            when codes = []
                then concat(
                    'Nothing is known of ', concat_ws(' in ', of_instrument, in_year), '; did you mean ',
                    nearest(
                        (select list(distinct concat(instrument, ' in ', edition_year)) from marts.score_components),
                        concat_ws(' in ', of_instrument, in_year)
                    ), '?'
                )
            when not list_has_all(codes, coalesce(map_keys(cast(weights as map(varchar, varchar))), []))
                then concat('Weights are of what the total is computed from: ', array_to_string(codes, ', '), '.')
            when without_weight > 0
                then concat('The documents give no weights. Name one for each of ', array_to_string(codes, ', '), '.')
            when all_weights != 1
                then concat('The weights must add up to 1; with those that stay they add up to ', all_weights, '.')
        end as problem
    from together
),

finals as (
    select
        scores.document_id,
        scores.edition_year,
        scores.region_code,
        -- In whole numbers, which add up and divide exactly.
        cast(sum(
            cast(scores.score_published * 10000 as hugeint) * cast(parts.weight * 100000000 as hugeint)
            // cast(parts.weight_within * 10000 as hugeint)
        ) as decimal(38, 0)) * 0.00000001 as what_if_score
    from parts
    inner join marts.index_scores as scores using (edition_year, component_code)
    where scores.instrument = of_instrument
    group by scores.document_id, scores.edition_year, scores.region_code
    -- A final needs every component that counts.
    having count(scores.score_published) filter (where parts.weight != 0) = (select counting from checked)
),

ranked as (
    select
        *,
        rank() over (partition by document_id order by what_if_score desc) as what_if_rank
    from finals
)

select
    ranked.what_if_rank,
    ranked.region_code,
    regions.region_name,
    ranked.what_if_score,
    rankings.score as published_score,
    rankings.rank as published_rank,
    rankings.rank - ranked.what_if_rank as places_gained,
    ranked.document_id
from checked
left join ranked on true
left join marts.regions as regions using (region_code)
left join marts.index_rankings as rankings
    on
        ranked.document_id = rankings.document_id
        and ranked.edition_year = rankings.edition_year
        and ranked.region_code = rankings.region_code
        and rankings.peer_group = 'all'
where if(checked.problem is null, ranked.region_code is not null, error(checked.problem))
order by ranked.what_if_rank, regions.region_name
