-- Each printed cell that rules rest on, with the values that all its rules together leave it, others as printed.
-- What rests on several cells of the column is left out of `own_…`: what moves within a column is weighed there by all
-- its cells at once.
with rule_cells as (
    select
        cells.*,
        {{ rule_holds_with('cells', 'cells.value') }} = false as is_broken,
        shared_rules.rule_id is not null as is_shared
    from {{ ref('int_diagnosis__rule_cells') }} as cells
    left join {{ ref('int_diagnosis__shared_rules') }} as shared_rules
        on
            {{ same_claim('cells', 'shared_rules') }}
            and cells.cell_column_no = shared_rules.cell_column_no
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
    max(case when not is_shared then holds_from end) as own_from,
    min(case when not is_shared then holds_to end) as own_to,
    min(case when not is_shared then holds_to - holds_from end) as own_width,
    bool_and(can_hold) as can_hold,
    bool_and(can_hold or is_shared) as own_can_hold,
    bool_or(is_broken) as is_broken,
    count(*) as rules,
    cast(sum(case when is_broken then 1 else 0 end) as bigint) as broken_rules,
    cast(sum(case when is_broken and not is_shared then 1 else 0 end) as bigint) as own_broken_rules,
    count(*) over (partition by cell_column_no) as rows_of_column
from rule_cells
group by cell_column_no, cell_row_no
