{{ config(meta={'next': 'uv run kinerja register lists the findings'}) }}
-- A fault that nobody has accepted stops the build, and so does an accepted one that is no longer there. Notes may
-- wait: a decision that leaves out sixty governments has sixty of them.
select
    concat_ws(
        '',
        case
            when register.finding_id is null
                then 'new finding, not in seeds/reference/known_discrepancies.csv: '
            else 'registered in seeds/reference/known_discrepancies.csv but gone: '
        end,
        coalesce(findings.finding_id, register.finding_id),
        ' (' || findings.explanation_en || ')'
    ) as message
from {{ ref('int_quality__findings') }} as findings
full join {{ ref('known_discrepancies') }} as register on findings.finding_id = register.finding_id
where
    findings.finding_id is null
    or register.finding_id is null
    and findings.severity != 'note'
