-- By kind of figure: how many of its mutations were caught, and by what first.
select
    label as figure, format('{:,}', any_value(cells)) as cells, format('{:,}', count(*)) as mutations,
    format('{:.2f} %', 100 * count("by") / count(*)) as caught,
    format('{:,}', count(*) filter (stage = 'gate')) as "gate's checks of the cell",
    format('{:,}', count(*) filter (stage = 'build')) as "arithmetic and register",
    format('{:,}', count(*) filter (stage = 'paper')) as "only figures read on paper",
    format('{:,}', count(*) filter (stage = 'totals')) as "only a control total",
    format('{:.2f} %', 100 * count(*) filter (stage in ('gate', 'build')) / count(*)) as "caught by itself"
from results group by label order by min(place)
