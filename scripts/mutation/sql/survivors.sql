-- What no data test and no unit test stops: where, what was changed, and what moved.
select
    concat(path, ' line ', line) as place, kind, format('`{}` → `{}`', before, after) as change, moved, coalesce("by", '–') as "stopped by"
from results where stage in ('pytest', 'nothing') order by path, line
