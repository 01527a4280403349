-- What a line is, is said by its account code (1.01.02 is a program, two more parts an activity), else by the first
-- words of its name: worked out once per name, as forms repeat them.
with names as (
    select distinct line_name
    from {{ ref('stg_forms__budget_lines') }}
)

select
    names.line_name,
    case
        when {{ is_written_like('names.line_name', '[0-9X]([.][0-9X]{2}){2}( .*)?') }} then 'program'
        when {{ is_written_like('names.line_name', '[0-9X]([.][0-9X]{2}){2}[.][0-9][.][0-9]{2}( .*)?') }}
            then 'activity'
        else coalesce(max_by(levels.budget_level, length(levels.printed_prefix)), 'sub_activity')
    end as budget_level
from names
left join {{ ref('budget_levels') }} as levels
    on {{ begins_with("concat(lower(names.line_name), '$')", "lower(levels.printed_prefix)") }}
group by names.line_name
