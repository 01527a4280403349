-- Who stands just above and below a region among its kind, and how many points away: rank_neighbours('15.71', 'public_service', 2024, 3).
-- Daerah yang berada tepat di atas dan di bawah suatu daerah, dan selisih nilainya.
create macro rank_neighbours(region, of_instrument, in_year, places := 5) as table
with own as (
    select
        peer_group,
        score,
        rank
    from marts.index_rankings
    where
        region_code = region
        and instrument = of_instrument
        and edition_year = in_year
        and peer_group != 'all'
        and (select bool_and(is_region(region)) from (values (1)))
        and (select bool_and(is_edition(of_instrument, in_year)) from (values (1)))
)

select
    rankings.rank,
    rankings.region_code,
    regions.region_name,
    rankings.score,
    rankings.score - own.score as points_away
from own
inner join marts.index_rankings as rankings
    on
        own.peer_group = rankings.peer_group
        and rankings.instrument = of_instrument
        and rankings.edition_year = in_year
        and rankings.rank between own.rank - places and own.rank + places
inner join marts.regions as regions using (region_code)
order by rankings.rank, regions.region_name
