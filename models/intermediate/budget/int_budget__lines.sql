-- The form prints no codes: the tree is in the order of its lines and the first word of their names. The last program
-- and the last activity above a line are its ancestors; after pages that are missing, the activity is not known.
with printed as (
    select
        lines.*,
        agencies.agency_code,
        names.budget_level,
        gaps.after_row_no as gap_row
    from {{ ref('stg_forms__budget_lines') }} as lines
    inner join {{ ref('int_budget__line_names') }} as names on lines.line_name = names.line_name
    left join {{ ref('int_agencies__printed_names') }} as agencies on lines.agency_name = agencies.printed_name
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
            partition by document_id order by row_no rows between unbounded preceding and 1 preceding
        ) as last_gap_row
    from printed
    window to_here as (partition by document_id order by row_no rows between unbounded preceding and current row)
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
        agency_code,
        fiscal_year,
        budget_level,
        program_name,
        activity_name,
        line_name,
        min(quarter * 100000 + row_no) as first_seen
    from named
    where budget_level != 'agency'
    group by all
),

numbered as (
    select
        *,
        row_number() over (
            partition by
                agency_code, fiscal_year, budget_level, case when budget_level != 'program' then program_name end,
                case when budget_level = 'sub_activity' then activity_name end
            order by first_seen
        ) as line_no
    from lines_of_year
),

coded as (
    select
        lines.*,
        -- 0 stands for an activity on a page that is missing.
        case lines.budget_level
            when 'program' then concat(lines.line_no)
            when 'activity' then concat(programs.line_no, '.', lines.line_no)
            else concat(programs.line_no, '.', coalesce(activities.line_no, 0), '.', lines.line_no)
        end as line_code,
        case lines.budget_level
            when 'program' then '0'
            when 'activity' then concat(programs.line_no)
            else concat_ws('.', programs.line_no, activities.line_no)
        end as parent_line_code
    from numbered as lines
    left join numbered as programs
        on
            lines.agency_code = programs.agency_code
            and lines.fiscal_year = programs.fiscal_year
            and lines.program_name = programs.program_name
            and programs.budget_level = 'program'
    left join numbered as activities
        on
            lines.agency_code = activities.agency_code
            and lines.fiscal_year = activities.fiscal_year
            and lines.program_name = activities.program_name
            and lines.activity_name = activities.activity_name
            and activities.budget_level = 'activity'
)

select
    named.document_id,
    named.table_id,
    named.row_no,
    named.source_line,
    named.agency_code,
    named.fiscal_year,
    named.quarter,
    named.budget_level,
    coalesce(coded.line_code, '0') as line_code,
    coded.parent_line_code,
    named.line_name,
    named.ceiling_rupiah,
    named.ceiling_step,
    named.realization_rupiah,
    named.realization_step,
    named.is_cumulative,
    named.realization_pct_printed,
    named.realization_pct
from named
left join coded
    on
        named.agency_code = coded.agency_code
        and named.fiscal_year = coded.fiscal_year
        and named.budget_level = coded.budget_level
        and named.line_name = coded.line_name
        and named.program_name = coded.program_name
        and coalesce(named.activity_name, '') = coalesce(coded.activity_name, '')
