-- The ranking of one edition within a peer group ('all', 'province', 'city', 'regency'), with the ranks that rounding alone leaves possible: ranking('public_service', 2024, 'city').
-- Peringkat satu edisi dalam satu kelompok, dengan peringkat yang masih mungkin karena pembulatan.
create macro ranking(of_instrument, in_year, in_group := 'all') as table
select
    rankings.rank,
    rankings.region_code,
    regions.region_name,
    regions.province_name,
    rankings.score,
    rankings.rank_best,
    rankings.rank_worst,
    rankings.group_size,
    rankings.percentile,
    rankings.document_id
from marts.index_rankings as rankings
inner join marts.regions as regions using (region_code)
where
    rankings.instrument = of_instrument
    and rankings.edition_year = in_year
    and rankings.peer_group = in_group
    and (select bool_and(is_edition(of_instrument, in_year)) from (values (1)))
    and (select bool_and(is_peer_group(in_group)) from (values (1)))
order by rankings.rank, regions.region_name
