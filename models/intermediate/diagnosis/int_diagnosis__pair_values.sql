-- For findings that no single slip explains: what each of their cells could be if a second one is wrong as well, that
-- is, what the cell's other rules allow.
with explained as (
    select distinct broken.finding_no
    from {{ ref('int_diagnosis__broken_rules') }} as broken
    inner join {{ ref('int_diagnosis__found') }} as found on {{ same_cell('broken', 'found') }}
),

unexplained as (
    select broken.*
    from {{ ref('int_diagnosis__broken_rules') }} as broken
    left join explained on broken.finding_no = explained.finding_no
    where explained.finding_no is null
),

-- What the rules other than the finding's own leave.
others as (
    select
        unexplained.finding_no,
        unexplained.cell_column_no,
        unexplained.cell_row_no,
        min(unexplained.pull) as pull,
        min(unexplained.value) as value,
        min(unexplained.needed_from) as needed_from,
        min(unexplained.needed_to) as needed_to,
        min(unexplained.leeway) as leeway,
        max(case when not ({{ same_claim('unexplained', 'cells') }}) then cells.holds_from end) as other_from,
        min(case when not ({{ same_claim('unexplained', 'cells') }}) then cells.holds_to end) as other_to
    from {{ ref('int_diagnosis__rule_cells') }} as cells
    inner join unexplained on {{ same_cell('cells', 'unexplained') }}
    group by unexplained.finding_no, unexplained.cell_column_no, unexplained.cell_row_no
)

select
    others.finding_no,
    others.cell_column_no,
    others.cell_row_no,
    tried.proposed,
    min(others.pull * cast(tried.proposed - others.value as double)) as effect,
    min(others.needed_from) as needed_from,
    min(others.needed_to) as needed_to,
    min(others.leeway) as leeway,
    max(slips_tried.weight) as weight,
    max_by(tried.slip_code, slips_tried.weight) as slip_code
from {{ ref('int_diagnosis__values_tried') }} as tried
inner join others on {{ same_cell('tried', 'others') }}
inner join {{ ref('int_diagnosis__slips_tried') }} as slips_tried
    on
        {{ same_cell('tried', 'slips_tried') }}
        and tried.slip_code = slips_tried.slip_code
where
    tried.breaks_no_rule
    and {{ fits('tried.proposed', 'others', 'other') }}
group by others.finding_no, others.cell_column_no, others.cell_row_no, tried.proposed
