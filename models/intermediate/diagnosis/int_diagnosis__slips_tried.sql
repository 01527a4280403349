-- How many values each slip could have come from: the more, the less likely each of them.
select
    cell_no,
    slip_code,
    count(*) as tried
from {{ ref('int_diagnosis__values_tried') }}
group by cell_no, slip_code
