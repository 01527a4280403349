-- Official regions whose name contains the text, whatever the case: find_region('jambi').
-- Daerah resmi yang namanya memuat teks itu.
create macro find_region(name_part) as table
select
    region_code,
    region_type,
    region_name,
    province_name
from marts.regions
where contains(lower(region_name), lower(name_part))
order by region_code
