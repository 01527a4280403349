-- One row per rule and document that it is asked of: how its figures stand, verdict by verdict.
select
    verdicts.rule_id,
    verdicts.document_id,
    documents.number,
    documents.title_id,
    documents.title_en,
    rules.label_id,
    rules.label_en,
    sources.label_id as source_id,
    sources.label_en as source_en,
    count(*) as figures,
    count(*) filter (verdicts.verdict = 'exact') as exact,
    count(*) filter (verdicts.verdict = 'within_rounding') as within_rounding,
    count(*) filter (verdicts.verdict = 'within_bounds') as within_bounds,
    count(*) filter (verdicts.verdict = 'outside') as outside,
    count(*) filter (verdicts.verdict = 'not_computable') as not_computable,
    100 * avg(verdicts.detection_power) as power_pct
from marts.reconciliation as verdicts
inner join marts.documents as documents on verdicts.document_id = documents.document_id
left join marts.rules as rules on verdicts.rule_id = rules.rule_id
left join marts.rule_sources as sources on rules.source_code = sources.source_code
group by all
order by verdicts.rule_id, verdicts.document_id
