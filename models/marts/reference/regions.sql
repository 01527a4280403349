select
    regions.region_code,
    regions.region_type,
    regions.region_name,
    regions.province_code,
    provinces.region_name as province_name
from {{ ref('official_regions') }} as regions
inner join {{ ref('official_regions') }} as provinces on regions.province_code = provinces.region_code
