-- Forty kinds of agencies, each with a tree of about sixty lines (programs, activities, sub-activities, the grand total
-- last) that its agencies share.

create table kinds as select unnest({{ agencies }}) as kind_name, unnest(range(len({{ agencies }}))) as kind;

create table lines_of_kinds as
with activities as (
    select kind, activity, if(activity < 4, activity, whole('program', kind * 100 + activity, 0, 3)) as program
    from kinds, unnest(range(13)) as activities (activity)
),

subs as (
    select kind, sub, if(sub < 13, sub, whole('activity', kind * 100 + sub, 0, 12)) as activity
    from kinds, unnest(range(whole('subs', kind, 34, 49))) as subs (sub)
),

lines as (
    select kind, 0 as level, null as program, null as activity, null as sub from kinds
    union all
    select kind, 1, program, null, null from kinds, unnest(range(4)) as programs (program)
    union all
    select kind, 2, program, activity, null from activities
    union all
    select kind, 3, program, activity, sub from subs inner join activities using (kind, activity)
),

numbered as (
    select
        *,
        row_number() over (
            partition by kind order by program nulls last, activity nulls first, sub nulls first
        ) as line
    from lines
),

-- No name twice in a tree.
ordered as (
    select
        *, row_number() over (partition by kind, level >= 2 order by chance('name', kind * 100 + line)) - 1 as name_no
    from numbered
)

select
    *,
    {{ verbs }}[name_no // len({{ objects }}) + 1] || ' ' || {{ objects }}[name_no % len({{ objects }}) + 1] as what,
    case level
        when 0 then 'Total Anggaran'
        when 1 then 'Program ' || {{ objects }}[program * 2 + 1] || ' ' || kind_name
        when 2 then 'Kegiatan ' || what || ' ' || kind_name
        else what
    end as line_name
from ordered inner join kinds using (kind);

-- Runs of lines inside one program that may be lost together, after which the tree still reads right: the next printed
-- line must be another activity, program or total, or a sub-activity whose activity is lost too. A sub-activity of a
-- printed activity would count twice, below its activity and below its program.
create table gaps as
select
    kind, one.line as first_line, other.line as last_line,
    row_number() over (partition by kind order by one.line, other.line) as gap_no,
    count(*) over (partition by kind) as gaps
from lines_of_kinds as one
inner join lines_of_kinds as other using (kind, program)
inner join lines_of_kinds as after on one.kind = after.kind and other.line + 1 = after.line
where
    one.line > 2 and one.level > 1
    and other.line between one.line and one.line + 24
    and (
        after.level < 3
        or exists (
            from lines_of_kinds as parent
            where
                parent.kind = after.kind and parent.activity = after.activity and parent.level = 2
                and parent.line >= one.line
        )
    );

-- So many agencies, spread over the governments: every government its first kinds before anyone's next.
create table agencies as
with governments as (
    select row_number() over (order by region_no) - 1 as government, region_code, scores
    from generated_regions where region_type in ('regency', 'city')
)

select
    row_number() over (order by government, kind) as agency,
    kind,
    kind_name || ' ' || scores as agency_name,
    replace(region_code, '.', '') || '_' || lpad(cast(kind + 1 as varchar), 2, '0') as slug
from governments inner join kinds on kind * (select count(*) from governments) + government < {{ wanted }};

-- A line's path leads to itself, that of a sub-activity to its activity: agency, program, activity, two digits each.
create table all_lines as
select
    agency, kind, line, level,
    agency * 100 + line as line_no,
    agency * 10000 + coalesce(program + 1, 0) * 100 + coalesce(activity + 1, 0) as path
from agencies inner join lines_of_kinds using (kind)
order by line_no;
