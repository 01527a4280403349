-- The changes of one slip after which all rules that touch what they change hold: of one cell, and of those that
-- changed places. Of several slips that propose the same value for a cell, the likeliest.
with moves as (
    select
        moves.set_id,
        moves.slip_code,
        moves.cell_column_no,
        moves.cell_row_no,
        moves.proposed,
        moves.tried,
        moves.expected_by_chance,
        mending.rules_satisfied
    from {{ ref('int_diagnosis__moves') }} as moves
    inner join {{ ref('int_diagnosis__mending_moves') }} as mending on moves.set_no = mending.set_no
),

values_tried as (
    select
        cells.cell_column_no,
        cells.cell_row_no,
        attempts.slip_code,
        attempts.proposed,
        slips_tried.weight,
        cells.broken_rules
    from {{ ref('int_diagnosis__values_tried') }} as attempts
    inner join {{ ref('int_diagnosis__cells') }} as cells
        on
            {{ same_cell('attempts', 'cells') }}
            and cells.is_broken
    inner join {{ ref('int_diagnosis__slips_tried') }} as slips_tried
        on
            {{ same_cell('attempts', 'slips_tried') }}
            and attempts.slip_code = slips_tried.slip_code
    where
        attempts.fits_all_rules
        -- What stands in another row of the column is no explanation of its own where the two rows changed places.
        and not (
            attempts.slip_code = 'value_of_other_row'
            and exists (
                select 1 from moves
                where
                    {{ same_cell('cells', 'moves') }}
                    and attempts.proposed = moves.proposed
            )
        )
),

likeliest as (
    select
        *,
        row_number() over (
            partition by cell_column_no, cell_row_no, proposed
            order by -weight, slip_code
        ) as likelihood_rank
    from values_tried
)

select
    concat_ws('/', cell_column_no, cell_row_no, proposed) as set_id,
    slip_code,
    cell_column_no,
    cell_row_no,
    proposed,
    cast(weight as double) as weight,
    cast(null as double) as expected_by_chance,
    cast(broken_rules as bigint) as rules_satisfied
from likeliest
where likelihood_rank = 1
union all
select
    moves.set_id,
    moves.slip_code,
    moves.cell_column_no,
    moves.cell_row_no,
    moves.proposed,
    cast(slips.prior / moves.tried as double) as weight,
    moves.expected_by_chance,
    moves.rules_satisfied
from moves
inner join {{ ref('slips') }} as slips on moves.slip_code = slips.slip_code
