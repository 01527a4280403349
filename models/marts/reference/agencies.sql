select
    agency_code,
    printed_name as agency_name,
    region_code
from {{ ref('int_agencies__printed_names') }}
