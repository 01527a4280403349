-- One row per official region: its names and places, what is loaded of it, its narrative.
with islands as (
    select
        province_code, island_group as island_code, label_id as island_id, label_en as island_en
    from marts.island_groups
),

groups_of_kind as (
    select region_code, label_id as group_id, label_en as group_en
    from marts.peer_groups
    where area_kind = 'nation' and peer_kind != 'all'
)

select
    regions.*,
    islands.* exclude (province_code),
    groups_of_kind.* exclude (region_code),
    profiles.evaluations_loaded,
    profiles.evaluations_scored,
    profiles.evaluations_without_score,
    profiles.disputed_scores,
    profiles.findings,
    profiles.agencies,
    narratives.narrative_id,
    narratives.narrative_en
from marts.regions as regions
left join islands on regions.province_code = islands.province_code
left join groups_of_kind on regions.region_code = groups_of_kind.region_code
left join marts.region_profiles as profiles on regions.region_code = profiles.region_code
left join marts.narratives as narratives
    on narratives.subject_kind = 'region' and regions.region_code = narratives.subject_code
order by regions.region_code
