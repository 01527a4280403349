-- Those that only a control total sees, or nothing: by how the verdicts changed, with an example.
select
    label as figure, coalesce(nullif(verdicts, ''), 'no verdict has other figures') as verdicts, format('{:,}', count(*)) as mutations,
    arg_min(concat(seed, '.csv line ', row + 2, ': ', before, ' → ', after), place) as "for example"
from results where stage in ('totals', 'nothing') group by all order by min(place)
