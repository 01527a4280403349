with findings as (
    select * from {{ ref('int_quality__findings') }}
)

select
    findings.finding_id,
    findings.rule_id,
    findings.document_id,
    findings.table_id,
    findings.row_no,
    findings.column_name,
    findings.source_line,
    findings.subject_code,
    findings.subject_name,
    rules.severity,
    findings.printed,
    findings.expected,
    {%- for language in ['id', 'en'] %}
    {{ fill_template('rules.explanation_' ~ language, {
        'subject': 'findings.subject_name',
        'component': 'findings.component_name_' ~ language,
        'printed': 'findings.printed',
        'expected': 'findings.expected',
    }) }} as explanation_{{ language }},
    {%- endfor %}
    register.finding_id is not null as is_registered,
    register.cause_code,
    causes.label_id as cause_label_id,
    causes.label_en as cause_label_en
from findings
inner join {{ ref('rules') }} as rules on findings.rule_id = rules.rule_id
left join {{ ref('known_discrepancies') }} as register on findings.finding_id = register.finding_id
left join {{ ref('discrepancy_causes') }} as causes on register.cause_code = causes.cause_code
