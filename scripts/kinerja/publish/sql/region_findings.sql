-- What is wrong in the documents about one region (or agency), and where it stands: region_findings('35.24').
-- Kejanggalan dalam dokumen tentang satu daerah, dan letaknya.
create macro region_findings(subject) as table
select
    severity,
    rule_id,
    printed,
    expected,
    explanation_id,
    explanation_en,
    document_id,
    table_id,
    row_no,
    column_name,
    source_line
from marts.findings
where
    (
        subject_code = subject
        or starts_with(subject_code, subject || '/')
        -- Forms print the name of their agency, not its code.
        or starts_with(subject_code, (select concat(agency_name, '/') from marts.agencies where agency_code = subject))
    )
    and (select bool_and(is_subject(subject)) from (values (1)))
order by finding_id
