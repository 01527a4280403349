{%- set without_region =
    'left(printed.printed_name, length(printed.printed_name) - governments.region_name_length)'
-%}

-- A form prints an agency as one name that ends with its government ("… Kota Jambi"). The longest printed name of a
-- region that the text ends with is that government; the rest names the agency.
with printed as (
    select distinct agency_name as printed_name
    from {{ ref('stg_forms__budget_lines') }}
    union
    select distinct agency_name as printed_name
    from {{ ref('stg_forms__targets') }}
),

-- The last words of each name: equal texts are found by hashing, endings only by trying all.
endings as (
    select
        printed.printed_name,
        {{ last_words('printed.printed_name', 'counts.words') }} as ending
    from printed
    cross join {{ numbers_to(12) }} as counts (words)
    where counts.words < {{ count_words('printed.printed_name') }}
),

governments as (
    select
        endings.printed_name,
        max_by(names.region_code, length(names.printed_name)) as region_code,
        max(length(names.printed_name)) as region_name_length
    from endings
    inner join {{ ref('region_names') }} as names on endings.ending = names.printed_name
    group by endings.printed_name
)

select
    printed.printed_name,
    governments.region_code,
    -- A name that ends with no government has no code.
    case
        when governments.region_code is not null
            then concat(
                governments.region_code,
                '-',
                {{ replace_matches('lower(trim(' ~ without_region ~ '))', '[^a-z0-9]+', '-') }}
            )
    end as agency_code
from printed
left join governments on printed.printed_name = governments.printed_name
