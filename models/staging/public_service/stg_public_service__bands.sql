with bands as (
    select
        *,
        split_part(index_range, '-', 1) as lower_text,
        split_part(index_range, '-', 2) as upper_text
    from {{ ref('public_service__bands') }}
)

select
    document_id,
    table_id,
    row_no,
    source_line,
    index_range as range_printed,
    {{ number_cell('public_service__bands', 'lower_text') }} as lower_bound,
    {{ number_cell('public_service__bands', 'upper_text') }} as upper_bound,
    grade
from bands
