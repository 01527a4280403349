-- The components whose scores documents print: in a column of a list, in a column of a wide table, or in a table by
-- year, which prints the total and what it is directly made of.
{%- for component in declared_components() %}
    select
        '{{ component.instrument }}' as instrument,
        '{{ component.component_code }}' as component_code
    union
{%- endfor %}
select
    instrument,
    component_code
from {{ ref('detail_headings') }}
union
select
    instrument,
    component_code
from {{ ref('int_index__components') }}
where
    component_depth <= 1
    and instrument in ('{{ instruments_by_year() | join("', '") }}')
