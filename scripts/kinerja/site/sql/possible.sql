-- One row per finding about a number: what is printed, and between which bounds it could be right.
select distinct on (findings.finding_id)
    findings.finding_id,
    reconciliation.published,
    reconciliation.published_step,
    reconciliation.low,
    reconciliation.high,
    coalesce(reconciliation.recomputed, (reconciliation.low + reconciliation.high) / 2) as expected
from marts.findings as findings
inner join marts.reconciliation as reconciliation
    on
        findings.rule_id = reconciliation.rule_id
        and findings.document_id = reconciliation.document_id
        and findings.table_id = reconciliation.table_id
        and findings.row_no is not distinct from reconciliation.row_no
        and findings.column_name is not distinct from reconciliation.column_name
where
    reconciliation.verdict = 'outside'
    and reconciliation.recomputed_text is null
    and reconciliation.published is not null
    and reconciliation.low is not null
order by findings.finding_id, reconciliation.edition_year, reconciliation.quarter
