-- One row per edition, region and way of weighing: the rank among its kind beside the official one.
select
    scenarios.document_id,
    scenarios.edition_year,
    scenarios.region_code,
    scenarios.scenario_code,
    scenarios.label_id,
    scenarios.label_en,
    scenarios.score,
    scenarios.rank,
    scenarios.rank_official,
    scenarios.places_gained,
    scenarios.group_size
from marts.scenario_rankings as scenarios
inner join marts.regions as regions
    on scenarios.region_code = regions.region_code and scenarios.peer_group = regions.region_type
where scenarios.group_size > 1
order by
    scenarios.region_code,
    scenarios.document_id,
    scenarios.edition_year,
    scenarios.scenario_code != 'official',
    scenarios.scenario_code
