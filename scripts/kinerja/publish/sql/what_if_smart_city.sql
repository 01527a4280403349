-- Smart City finals and ranks under other weights of the five dimensions, beside the published ones. Weights must add up to 1: what_if_smart_city(baseline := 0.2, outcome := 0.2).
-- Nilai akhir dan peringkat Smart City dengan bobot lain; bobot harus berjumlah 1.
create macro what_if_smart_city(
    baseline := 0.1, output := 0.2, quick_win := 0.2, impact := 0.2, outcome := 0.3, in_year := null
) as table
with weights as (
    select
        component_code,
        if(
            cast(baseline as decimal(9, 4)) + cast(output as decimal(9, 4)) + cast(quick_win as decimal(9, 4))
            + cast(impact as decimal(9, 4)) + cast(outcome as decimal(9, 4)) = 1,
            weight,
            error('The weights must add up to 1.')
        ) as weight
    from (
        values
        ('baseline', cast(baseline as decimal(9, 4))),
        ('output', cast(output as decimal(9, 4))),
        ('quick_win', cast(quick_win as decimal(9, 4))),
        ('impact', cast(impact as decimal(9, 4))),
        ('outcome', cast(outcome as decimal(9, 4)))
    ) as given (component_code, weight)
),

finals as (
    select
        scores.document_id,
        scores.edition_year,
        scores.region_code,
        -- Exact: sums and products of decimals stay decimals. A final needs all five dimensions.
        sum(weights.weight * scores.score_published) as what_if_score
    from marts.index_scores as scores
    inner join weights using (component_code)
    where
        scores.instrument = 'smart_city'
        and scores.edition_year = coalesce(
            in_year, (select max(edition_year) from marts.index_scores where instrument = 'smart_city')
        )
    group by all
    having count(scores.score_published) = 5
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
from ranked
inner join marts.regions as regions using (region_code)
left join marts.index_rankings as rankings
    on
        ranked.document_id = rankings.document_id
        and ranked.edition_year = rankings.edition_year
        and ranked.region_code = rankings.region_code
        and rankings.peer_group = 'all'
order by ranked.what_if_rank, regions.region_name
