-- How likely each value of a slip is: the slip, shared by all values that it could have come from.
with counts as (
    select
        cell_column_no,
        cell_row_no,
        slip_code,
        count(*) as tried
    from {{ ref('int_diagnosis__values_tried') }}
    group by cell_column_no, cell_row_no, slip_code
)

select
    counts.cell_column_no,
    counts.cell_row_no,
    counts.slip_code,
    slips.prior / counts.tried as weight
from counts
inner join {{ ref('slips') }} as slips on counts.slip_code = slips.slip_code
