-- What a line is, is said by the first word of its name: worked out once per name, as forms repeat them.
with names as (
    select distinct line_name
    from {{ ref('stg_forms__budget_lines') }}
)

select
    names.line_name,
    max_by(levels.budget_level, length(coalesce(levels.printed_prefix, ''))) as budget_level
from names
inner join {{ ref('budget_levels') }} as levels
    on {{ begins_with('names.line_name', "coalesce(levels.printed_prefix, '')") }}
group by names.line_name
