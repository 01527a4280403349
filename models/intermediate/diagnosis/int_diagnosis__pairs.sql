-- Two values of a finding's cells that mend it together, where no single slip does. A finding with more values to pair
-- than this is left: `repair_searches` says so.
with pair_values as (
    select pair_values.*
    from {{ ref('int_diagnosis__pair_values') }} as pair_values
    inner join {{ ref('int_diagnosis__pair_sizes') }} as sizes
        on
            pair_values.finding_no = sizes.finding_no
            and sizes.values_to_pair <= {{ most_values_paired() }}
)

select
    concat_ws(
        '/', 'pair', one.finding_no, one.cell_column_no, one.cell_row_no, one.proposed,
        other.cell_column_no, other.cell_row_no, other.proposed
    ) as set_id,
    one.slip_code,
    one.cell_column_no,
    one.cell_row_no,
    one.proposed,
    other.slip_code as other_slip_code,
    other.cell_column_no as other_column_no,
    other.cell_row_no as other_row_no,
    other.proposed as other_proposed,
    cast(one.weight as double) * cast(other.weight as double) as weight
from pair_values as one
inner join pair_values as other
    on
        one.finding_no = other.finding_no
        and (
            one.cell_column_no < other.cell_column_no
            or (one.cell_column_no = other.cell_column_no and one.cell_row_no < other.cell_row_no)
        )
        and {{ may_mend('one', 'other', 'one.effect + other.effect') }}
