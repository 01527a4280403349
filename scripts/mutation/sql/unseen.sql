-- Those that only what is written down beside the figures sees, or nothing: by how verdicts changed.
select
    label as figure, coalesce(nullif(verdicts, ''), 'no verdict has other figures') as verdicts, format('{:,}', count(*)) as mutations,
    arg_min(concat(seed, '.csv line ', row + 2, ': ', before, ' → ', after), place) as "for example"
from results where stage not in ('gate', 'build') group by all order by min(place)
