-- By instrument and kind of slip: how many were found, explained, told first and told apart, and how many told wrongly.
select
    coalesce(instrument, 'all') as document, coalesce(kind, 'all') as slip, count(*) as planted,
    format('{:.1f} %', 100 * avg(cast(is_found as integer))) as found,
    format('{:.1f} %', 100 * count(*) filter (is_proposed) / nullif(count(*) filter (is_found), 0)) as "truth among the repairs",
    format('{:.1f} %', 100 * count(*) filter (is_first) / nullif(count(*) filter (is_found), 0)) as "and first",
    format('{:.1f} %', 100 * count(*) filter (is_unique) / nullif(count(*) filter (is_found), 0)) as "stands out, and right",
    count(*) filter (is_wrong) as "stands out, and wrong"
from results group by grouping sets ((instrument, kind), (instrument), (kind), ())
order by instrument nulls last, kind nulls last
