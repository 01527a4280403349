-- A figure that a rule can compute is computed from printed cells; without them no slip could be looked for.
with cells as (
    select distinct
        rule_id,
        document_id,
        table_id,
        row_no,
        column_name
    from {{ ref('int_diagnosis__rule_cells') }}
    where cell_role = 'input'
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
