-- Whom a region is compared with: its kind or all governments, in the nation, its province or its group of islands.
with regions as (
    select * from {{ ref('regions') }}
),

areas as (
    select
        region_code,
        region_type,
        'nation' as area_kind,
        cast(null as string) as area_code,
        'Indonesia' as label_id,
        'Indonesia' as label_en
    from regions
    union all
    select
        region_code,
        region_type,
        'province' as area_kind,
        province_code as area_code,
        province_name as label_id,
        province_name as label_en
    from regions
    union all
    select
        regions.region_code,
        regions.region_type,
        'island_group' as area_kind,
        islands.island_group as area_code,
        islands.label_id,
        islands.label_en
    from regions
    inner join {{ ref('island_groups') }} as islands on regions.province_code = islands.province_code
)

select
    areas.region_code,
    concat_ws(':', kinds.peer_kind, areas.area_code) as peer_group,
    kinds.peer_kind,
    areas.area_kind,
    areas.area_code,
    concat(kinds.label_id, ' di ', areas.label_id) as label_id,
    concat(kinds.label_en, ' of ', areas.label_en) as label_en
from areas
inner join {{ ref('peer_kinds') }} as kinds on kinds.peer_kind in ('all', areas.region_type)
