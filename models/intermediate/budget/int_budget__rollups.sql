-- What the printed children of a line add up to. A line is incomplete where pages are missing inside it: it is the
-- line after which they are missing, or one of that line's ancestors up to the level that the gap leaves open.
with lines as (
    select * from {{ ref('int_budget__lines') }}
),

gap_lines as (
    select
        lines.document_id,
        lines.line_code,
        lines.parent_line_code
    from lines
    inner join {{ ref('source_gaps') }} as gaps
        on
            lines.document_id = gaps.document_id
            and lines.table_id = gaps.table_id
            and lines.row_no = gaps.after_row_no
),

incomplete as (
    select distinct
        lines.document_id,
        lines.line_code
    from gap_lines
    inner join lines
        on
            gap_lines.document_id = lines.document_id
            and {{ begins_with("concat(gap_lines.line_code, '.')", "concat(lines.line_code, '.')") }}
    where lines.budget_level in ('program', 'activity')
)

select
    children.document_id,
    children.agency_code,
    children.fiscal_year,
    children.quarter,
    children.parent_line_code as line_code,
    count(*) as children_printed,
    cast(sum(children.ceiling_rupiah) as decimal(18, 0)) as children_ceiling_rupiah,
    cast(sum(children.realization_rupiah) as decimal(18, 0)) as children_realization_rupiah,
    -- How far the true sums may be from these: half a step of each amount that is printed in a unit of many rupiah.
    cast(sum({{ rupiah_half_step('children.ceiling_step') }}) as bigint) as children_ceiling_half_steps,
    cast(sum({{ rupiah_half_step('children.realization_step') }}) as bigint) as children_realization_half_steps,
    bool_and(incomplete.line_code is null) as children_complete
from lines as children
left join incomplete
    on
        children.document_id = incomplete.document_id
        and children.parent_line_code = incomplete.line_code
where children.parent_line_code is not null
group by
    children.document_id, children.agency_code, children.fiscal_year, children.quarter, children.parent_line_code
