select
    document_id,
    table_id,
    row_no,
    source_line,
    region_name as printed_name,
    letter,
    component_name,
    {{ score_cell('accountability__components', 'weight') }} as weight,
    cast(edition_year as integer) as edition_year,
    value as value_printed,
    -- The last line of the table is the predicate: letters, by design not a number.
    case when weight is not null then {{ score_cell('accountability__components', 'value') }} end as score,
    case when weight is null then value end as predicate
from {{ ref('accountability__components') }}
