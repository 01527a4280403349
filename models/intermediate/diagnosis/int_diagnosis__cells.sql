-- Each printed cell that rules rest on, with the values that all its rules together leave it, others as printed.
-- Where a rule rests on several cells of the column (an order, a sum of lines), `own_from` and `own_to` leave it out:
-- what moves within a column is weighed by all its cells at once.
with rule_cells as (
    select
        cells.*,
        {{ rule_holds_with('cells', 'cells.value') }} = false as is_broken,
        count(*) over (
            partition by cells.rule_id, cells.column_no, cells.row_no, cells.cell_column_no
        ) > 1 as shares_column
    from {{ ref('int_diagnosis__rule_cells') }} as cells
)

select
    cell_column_no,
    cell_row_no,
    min(printed) as printed,
    min(value) as value,
    min(step) as step,
    -- What the figure was really computed with may be coarser than what is printed.
    cast(max(2 * half_step_points) as bigint) as effective_step_points,
    max(holds_from) as holds_from,
    min(holds_to) as holds_to,
    max(case when is_broken then holds_from end) as broken_from,
    min(case when is_broken then holds_to end) as broken_to,
    max(case when not is_broken then holds_from end) as kept_from,
    min(case when not is_broken then holds_to end) as kept_to,
    max(case when not shares_column then holds_from end) as own_from,
    min(case when not shares_column then holds_to end) as own_to,
    min(case when not shares_column then holds_to - holds_from end) as own_width,
    bool_and(can_hold) as can_hold,
    bool_or(is_broken) as is_broken,
    count(*) as rules,
    cast(sum(case when is_broken then 1 else 0 end) as bigint) as broken_rules,
    count(*) over (partition by cell_column_no) as rows_of_column
from rule_cells
group by cell_column_no, cell_row_no
