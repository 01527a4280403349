-- How the verdicts with other figures than before changed, as "rule: before → after".
with before as (from base.marts.reconciliation except all from marts.reconciliation),
after as (from marts.reconciliation except all from base.marts.reconciliation)
select distinct
    concat(
        coalesce(before.rule_id, after.rule_id), ': ',
        coalesce(before.verdict, '–'), ' → ', coalesce(after.verdict, '–')
    ) as change
from before
full join after
    on before.rule_id = after.rule_id
    and before.document_id = after.document_id
    and before.table_id is not distinct from after.table_id
    and before.row_no is not distinct from after.row_no
    and before.component_code is not distinct from after.component_code
order by change
