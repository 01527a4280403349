-- How well the figures of a table watch over each other: what single misprints of its cells the rules would notice, and
-- which cells nothing watches.
with figures as (
    select distinct
        document_id,
        table_id,
        row_no,
        column_name
    from {{ ref('int_quality__printed_figures') }}
    union
    select
        document_id,
        table_id,
        row_no,
        column_name
    from {{ ref('int_diagnosis__misprints') }}
),

cells as (
    select
        figures.document_id,
        figures.table_id,
        figures.row_no,
        figures.column_name,
        coalesce(misprints.rules, 0) as rules,
        coalesce(misprints.misprints, 0) as misprints,
        coalesce(misprints.misprints_noticed, 0) as misprints_noticed
    from figures
    left join {{ ref('int_diagnosis__misprints') }} as misprints
        on
            figures.document_id = misprints.document_id
            and figures.table_id = misprints.table_id
            and figures.row_no = misprints.row_no
            and figures.column_name = misprints.column_name
)

select
    document_id,
    table_id,
    column_name,
    count(*) as cells,
    cast(sum(case when rules = 0 then 1 else 0 end) as bigint) as cells_without_rule,
    cast(sum(case when rules > 0 and misprints_noticed = 0 then 1 else 0 end) as bigint) as cells_unnoticed,
    cast(sum(misprints) as bigint) as misprints,
    cast(sum(misprints_noticed) as bigint) as misprints_noticed,
    {{ share_of('sum(misprints_noticed)', 'sum(misprints)') }} as detection_power,
    {{ joined_text('case when misprints_noticed = 0 then cast(row_no as string) end', ', ', 'row_no') }}
        as unwitnessed_rows
from cells
group by document_id, table_id, column_name
union all
select
    document_id,
    table_id,
    'all columns' as column_name,
    count(*) as cells,
    cast(sum(case when rules = 0 then 1 else 0 end) as bigint) as cells_without_rule,
    cast(sum(case when rules > 0 and misprints_noticed = 0 then 1 else 0 end) as bigint) as cells_unnoticed,
    cast(sum(misprints) as bigint) as misprints,
    cast(sum(misprints_noticed) as bigint) as misprints_noticed,
    {{ share_of('sum(misprints_noticed)', 'sum(misprints)') }} as detection_power,
    cast(null as string) as unwitnessed_rows
from cells
group by document_id, table_id
