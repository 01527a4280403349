-- How many values there are to pair, of findings with values of two cells at least.
select
    finding_no,
    count(*) as values_to_pair
from {{ ref('int_diagnosis__pair_values') }}
group by finding_no
having
    min(cell_column_no) < max(cell_column_no)
    or min(cell_row_no) < max(cell_row_no)
