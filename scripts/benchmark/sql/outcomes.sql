-- One row per contender and folder of a run: medians, the ratio to the limit, k of seconds ~ size^k since the
-- contender's smallest folder, and whether its results are those of the limit.
with outcomes as (
    select row_number() over () as outcome, unnest(found)
    from (
        select unnest(outcomes) as found from read_json('{{ file }}', columns = {outcomes: 'struct(
            stream varchar, size bigint, contender varchar, label varchar, failure varchar, differences varchar[],
            runs struct(seconds double, work_seconds double, cpu_seconds double, peak_mb double)[]
        )[]'})
    )
),
measured as (
    select
        outcome, stream, size, contender,
        median(run.seconds) as seconds, median(run.work_seconds) as work, median(run.cpu_seconds) as cpu, median(run.peak_mb) as peak
    from (select *, unnest(runs) as run from outcomes) group by all
),
compared as (
    select
        measured.*, measured.work / limits.work as ratio,
        first_value(measured.size) over smaller as least, first_value(measured.work) over smaller as work_of_least
    from measured
    left join measured as limits
        on measured.stream = limits.stream and measured.size = limits.size and limits.contender = 'limit'
    window smaller as (partition by measured.stream, measured.contender order by measured.size)
)
select
    outcomes.stream, outcomes.size, outcomes.label as contender,
    round(seconds, 1) as seconds, round(work, 1) as "of it work", round(cpu, 1) as "CPU seconds",
    round(ratio, 2) as "× limit", round(peak) as "peak MB",
    case when outcomes.size > least then round(ln(work / work_of_least) / ln(outcomes.size / least), 2) end as "size^k",
    case when failure != '' then failure when len(differences) > 0 then 'differ' else 'equal' end as results
from outcomes left join compared using (outcome)
order by outcome
