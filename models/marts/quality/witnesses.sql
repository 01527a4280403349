-- How well the figures of a table watch over each other: what single misprints of its cells the rules would notice, and
-- which cells nothing watches.
with figures as (
    select distinct
        document_id,
        table_id,
        row_no,
        column_name
    from {{ ref('int_quality__printed_figures') }}
),

cells as (
    select
        coalesce(figures.document_id, misprints.document_id) as document_id,
        coalesce(figures.table_id, misprints.table_id) as table_id,
        coalesce(figures.row_no, misprints.row_no) as row_no,
        coalesce(figures.column_name, misprints.column_name) as column_name,
        coalesce(misprints.rules, 0) as rules,
        coalesce(misprints.misprints, 0) as misprints,
        coalesce(misprints.misprints_noticed, 0) as misprints_noticed
    from figures
    full join {{ ref('int_diagnosis__misprints') }} as misprints
        on
            figures.document_id = misprints.document_id
            and figures.table_id = misprints.table_id
            and figures.row_no = misprints.row_no
            and figures.column_name = misprints.column_name
),

table_columns as (
    select
        document_id,
        table_id,
        column_name,
        count(*) as cells,
        cast(sum(case when rules = 0 then 1 else 0 end) as bigint) as cells_without_rule,
        cast(sum(case when rules > 0 and misprints_noticed = 0 then 1 else 0 end) as bigint) as cells_unnoticed,
        cast(sum(misprints) as bigint) as misprints,
        cast(sum(misprints_noticed) as bigint) as misprints_noticed,
        {{ joined_text('cast(row_no as string)', ', ', 'row_no') }} filter (where misprints_noticed = 0)
            as unwitnessed_rows
    from cells
    group by document_id, table_id, column_name
),

with_totals as (
    select
        document_id,
        table_id,
        column_name,
        cells,
        cells_without_rule,
        cells_unnoticed,
        misprints,
        misprints_noticed,
        unwitnessed_rows
    from table_columns
    union all
    select
        document_id,
        table_id,
        'all columns' as column_name,
        cast(sum(cells) as bigint) as cells,
        cast(sum(cells_without_rule) as bigint) as cells_without_rule,
        cast(sum(cells_unnoticed) as bigint) as cells_unnoticed,
        cast(sum(misprints) as bigint) as misprints,
        cast(sum(misprints_noticed) as bigint) as misprints_noticed,
        cast(null as string) as unwitnessed_rows
    from table_columns
    group by document_id, table_id
)

select
    document_id,
    table_id,
    column_name,
    cells,
    cells_without_rule,
    cells_unnoticed,
    misprints,
    misprints_noticed,
    {{ share_of('misprints_noticed', 'misprints') }} as detection_power,
    unwitnessed_rows
from with_totals
