-- A form prints an agency as one name that ends with its government ("… Kota Jambi"). The longest printed name of a
-- region that the text ends with is that government; the rest names the agency.
with printed as (
    select distinct agency_name as printed_name
    from {{ ref('stg_agency_performance__budget_lines') }}
    union
    select distinct agency_name as printed_name
    from {{ ref('stg_agency_performance__targets') }}
),

governments as (
    select
        printed.printed_name,
        max_by(names.region_code, length(names.printed_name)) as region_code,
        max(length(names.printed_name)) as region_name_length
    from printed
    inner join {{ ref('region_names') }} as names on right(printed.printed_name, length(names.printed_name) + 1) = concat(' ', names.printed_name)
    group by printed.printed_name
)

select
    printed.printed_name,
    governments.region_code,
    concat(
        governments.region_code,
        '-',
        {{ replace_matches(
            'lower(trim(left(printed.printed_name, length(printed.printed_name) - governments.region_name_length)))',
            '[^a-z0-9]+', '-'
        ) }}
    ) as agency_code
from printed
left join governments on printed.printed_name = governments.printed_name
