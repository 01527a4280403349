-- The form prints no codes: the tree is in the order of its lines and the first word of their names. The last program
-- and the last activity above a line are its ancestors; after pages that are missing, the activity is not known.
with forms as (
    select * from {{ ref('int_budget__forms') }}
    where year_no = tree_no
),

printed as (
    select
        forms.tree_no,
        forms.quarter,
        lines.row_no,
        lines.line_name,
        names.budget_level,
        gaps.after_row_no as gap_row
    from {{ ref('stg_forms__budget_lines') }} as lines
    inner join forms on lines.document_id = forms.document_id
    inner join {{ ref('int_budget__line_names') }} as names on lines.line_name = names.line_name
    left join {{ ref('source_gaps') }} as gaps
        on
            lines.document_id = gaps.document_id
            and lines.table_id = gaps.table_id
            and lines.row_no = gaps.after_row_no
),

ancestors as (
    select
        *,
        {{ last_known("case when budget_level = 'program' then line_name end") }} over to_here as program_above,
        {{ last_known("case when budget_level = 'activity' then line_name end") }} over to_here as activity_above,
        max(case when budget_level = 'program' then row_no end) over to_here as program_row,
        max(case when budget_level = 'activity' then row_no end) over to_here as activity_row,
        -- Pages are missing after the line, so it is the lines below that have lost what stood between.
        max(gap_row) over (
            partition by tree_no, quarter order by row_no rows between unbounded preceding and 1 preceding
        ) as last_gap_row
    from printed
    window to_here as (
        partition by tree_no, quarter order by row_no rows between unbounded preceding and current row
    )
),

named as (
    select
        *,
        case when budget_level != 'agency' then program_above end as program_name,
        case
            when budget_level = 'activity' then line_name
            when budget_level = 'sub_activity' and activity_row > greatest(program_row, coalesce(last_gap_row, 0))
                then activity_above
        end as activity_name
    from ancestors
),

-- A line is the same line in another quarter when its name and its ancestors' names are.
lines_of_year as (
    select
        tree_no,
        budget_level,
        program_name,
        activity_name,
        line_name,
        min(quarter * 100000 + row_no) as first_seen
    from named
    where budget_level != 'agency'
    group by tree_no, budget_level, program_name, activity_name, line_name
),

numbered as (
    select
        *,
        row_number() over (partition by tree_no order by first_seen) as line_no,
        row_number() over (
            partition by
                tree_no, budget_level, case when budget_level != 'program' then program_name end,
                case when budget_level = 'sub_activity' then activity_name end
            order by first_seen
        ) as place
    from lines_of_year
),

coded as (
    select
        lines.*,
        -- 0 stands for an activity on a page that is missing.
        case lines.budget_level
            when 'program' then concat(lines.place)
            when 'activity' then concat(programs.place, '.', lines.place)
            else concat(programs.place, '.', coalesce(activities.place, 0), '.', lines.place)
        end as line_code,
        case lines.budget_level
            when 'program' then '0'
            when 'activity' then concat(programs.place)
            else concat_ws('.', programs.place, activities.place)
        end as parent_line_code,
        case lines.budget_level
            when 'program' then 0
            when 'activity' then programs.line_no
            else coalesce(activities.line_no, programs.line_no)
        end as parent_line_no
    from numbered as lines
    left join numbered as programs
        on
            lines.tree_no = programs.tree_no
            and lines.program_name = programs.program_name
            and programs.budget_level = 'program'
    left join numbered as activities
        on
            lines.tree_no = activities.tree_no
            and lines.program_name = activities.program_name
            and lines.activity_name = activities.activity_name
            and activities.budget_level = 'activity'
),

placed as (
    select
        named.tree_no,
        named.quarter,
        named.row_no,
        coalesce(coded.line_no, 0) as line_no,
        coded.parent_line_no,
        named.budget_level,
        coalesce(coded.line_code, '0') as line_code,
        coded.parent_line_code,
        named.line_name,
        named.gap_row
    from named
    left join coded
        on
            named.tree_no = coded.tree_no
            and named.budget_level = coded.budget_level
            and named.line_name = coded.line_name
            and named.program_name = coded.program_name
            and coalesce(named.activity_name, '') = coalesce(coded.activity_name, '')
),

-- A form that prints no grand total still has one: the sum of its programs.
totals as (
    select
        tree_no,
        quarter,
        cast(null as integer) as row_no,
        0 as line_no,
        cast(null as bigint) as parent_line_no,
        'agency' as budget_level,
        '0' as line_code,
        cast(null as string) as parent_line_code,
        'Total Anggaran' as line_name,
        cast(null as integer) as gap_row
    from placed
    group by tree_no, quarter
    having
        bool_or(parent_line_no = 0)
        and not bool_or(line_no = 0)
),

lines as (
    select * from placed
    union all
    select * from totals
),

-- A line is incomplete where pages are missing inside it: it is the line after which they are missing, or one of that
-- line's ancestors up to the level that the gap leaves open.
incomplete as (
    select distinct
        lines.tree_no,
        lines.quarter,
        lines.line_no
    from lines
    inner join lines as gap_lines
        on
            lines.tree_no = gap_lines.tree_no
            and lines.quarter = gap_lines.quarter
            and {{ begins_with("concat(gap_lines.line_code, '.')", "concat(lines.line_code, '.')") }}
    where
        gap_lines.gap_row is not null
        and lines.budget_level in ('program', 'activity')
),

below as (
    select
        tree_no,
        quarter,
        parent_line_no as line_no,
        count(*) as children_printed
    from placed
    group by tree_no, quarter, parent_line_no
)

select
    lines.tree_no,
    lines.quarter,
    lines.row_no,
    cast(lines.line_no as integer) as line_no,
    cast(lines.parent_line_no as integer) as parent_line_no,
    lines.budget_level,
    lines.line_code,
    lines.parent_line_code,
    lines.line_name,
    lines.row_no is not null as is_printed,
    below.children_printed,
    case
        when lines.budget_level != 'sub_activity'
            then below.children_printed is not null and incomplete.line_no is null
    end as children_complete,
    count(*) over (
        partition by lines.tree_no, lines.line_no
        order by lines.quarter
        rows between unbounded preceding and current row
    ) as quarters_printed,
    min(case when lines.row_no is not null then lines.quarter end) over (
        partition by lines.tree_no, lines.line_no
    ) as first_quarter
from lines
left join below
    on
        lines.tree_no = below.tree_no
        and lines.quarter = below.quarter
        and lines.line_no = below.line_no
left join incomplete
    on
        lines.tree_no = incomplete.tree_no
        and lines.quarter = incomplete.quarter
        and lines.line_no = incomplete.line_no
