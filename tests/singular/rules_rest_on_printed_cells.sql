-- A figure that a rule can compute is computed from printed cells; without them no slip could be looked for. A table
-- has the misprints of its cells, each cell once.
with cells as (
    select distinct
        cells.rule_id,
        columns.document_id,
        columns.table_id,
        cells.row_no,
        columns.column_name
    from {{ ref('int_diagnosis__rule_cells') }} as cells
    inner join {{ ref('int_diagnosis__columns') }} as columns on cells.column_no = columns.column_no
    where cells.cell_role = 'input'
),

misprints as (
    select
        document_id,
        table_id,
        count(*) as cells,
        sum(misprints) as misprints
    from {{ ref('int_diagnosis__misprints') }}
    group by document_id, table_id
)

select
    concat_ws(
        '', claims.rule_id, ' of ', claims.document_id, ', table ', claims.table_id, ', row ', claims.row_no,
        ', column ', claims.column_name, ': the verdict is ', claims.verdict,
        ', but int_diagnosis__rule_cells has no input of the rule'
    ) as message
from {{ ref('reconciliation') }} as claims
inner join {{ ref('rules') }} as rules on claims.rule_id = rules.rule_id
left join cells on {{ same_rule('claims', 'cells') }}
where
    cells.rule_id is null
    and claims.verdict != 'not_computable'
    -- The first of a list has none above it, and who was invited is no figure.
    and coalesce(rules.checked_by, '') not in ('list_order', 'addressees')
union all
select
    concat_ws(
        '', 'witnesses of ', tables.document_id, ', table ', tables.table_id, ': ',
        tables.cells - tables.cells_without_rule, ' cells with a rule and ', tables.misprints,
        ' misprints, but its cells are ', coalesce(misprints.cells, 0), ' with ', coalesce(misprints.misprints, 0)
    ) as message
from {{ ref('witnesses') }} as tables
left join misprints
    on
        tables.document_id = misprints.document_id
        and tables.table_id = misprints.table_id
where
    tables.column_name = 'all columns'
    and (
        tables.cells - tables.cells_without_rule != coalesce(misprints.cells, 0)
        or tables.misprints != coalesce(misprints.misprints, 0)
    )
