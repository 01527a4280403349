-- By kind of change: how many move a public mart, and what stops these first.
select
    coalesce(kind, 'all') as "kind of change", format('{:,}', count(*)) as changes, format('{:,}', count(*) filter (moves)) as "move a mart",
    format('{:,}', count(*) filter (stage = 'build')) as "data tests",
    format('{:,}', count(*) filter (stage = 'unit')) as "unit tests",
    format('{:,}', count(*) filter (stage = 'pytest')) as pytest,
    format('{:,}', count(*) filter (stage = 'nothing')) as nothing,
    format('{:.1f} %', 100 * count(*) filter (stage = 'build') / nullif(count(*) filter (moves), 0)) as "stopped by dbt build"
from (select *, stage in ('build', 'unit', 'pytest', 'nothing') as moves from results)
group by grouping sets ((kind), ()) order by kind nulls last
