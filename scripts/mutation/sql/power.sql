-- By kind of figure: the misprints that were tried, how many the rules noticed, and how many detection_power counts.
select
    kind as figure, format('{:,}', count(*)) as cells, format('{:,}', sum(tried)) as misprints,
    format('{:,}', sum(noticed)) as noticed, format('{:,}', sum(said_noticed)) as "by the intervals",
    format('{:,}', count(*) filter (not agrees)) as "cells that differ"
from results group by kind order by kind
