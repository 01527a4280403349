-- Official regions whose name has all the words, in any order and case: find_region('jambi').
-- Daerah resmi yang namanya memuat semua kata itu.
create macro find_region(name_part) as table
with matched as (
    select
        *,
        len(list_filter(string_split(lower(name_part), ' '), lambda word: not contains(lower(region_name), word))) = 0
        as has_all_words
    from marts.regions
)

select
    region_code,
    region_type,
    region_name,
    province_name
from matched
where
    has_all_words
    and (
        select
            case
                when bool_or(has_all_words) then true
                else error(concat(
                    'No region has a name with ', name_part, '; did you mean ',
                    arg_min(region_name, levenshtein(lower(region_name), lower(name_part))), '?'
                ))
            end
        from matched
    )
order by region_code
