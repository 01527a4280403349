with findings as (
    select * from {{ ref('int_quality__findings') }}
),

-- The printed values of the figure with which its rule would hold, the figures beside it as printed.
ranges as (
    select
        cells.finding_id,
        cells.step,
        {{ quotient_above(points('cells.holds_from'), points('cells.step')) }} * cells.step as possible_from,
        {{ quotient_below(points('cells.holds_to'), points('cells.step')) }} * cells.step as possible_to
    from {{ ref('int_diagnosis__broken_rules') }} as cells
    where
        cells.cell_column_no = cells.column_no
        and cells.cell_row_no = cells.row_no
),

-- A repair may change two cells.
unique_repairs as (
    select
        finding_id,
        {{ joined_text('proposed', '; ', 'row_no') }} as proposed,
        max(slip_code) as slip_code,
        max(slip_label_id) as slip_label_id,
        max(slip_label_en) as slip_label_en,
        max(evidence) as evidence
    from {{ ref('repairs') }}
    where is_unique
    group by finding_id
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
    findings.severity,
    findings.printed,
    findings.expected,
    case
        when ranges.possible_from = ranges.possible_to then {{ as_printed('ranges.possible_from', 'ranges.step') }}
        when ranges.possible_from is not null and ranges.possible_to is null
            then concat('≥ ', {{ as_printed('ranges.possible_from', 'ranges.step') }})
        when ranges.possible_from is null and ranges.possible_to is not null
            then concat('≤ ', {{ as_printed('ranges.possible_to', 'ranges.step') }})
        when ranges.possible_from < ranges.possible_to
            then
                concat(
                    {{ as_printed('ranges.possible_from', 'ranges.step') }}, '–',
                    {{ as_printed('ranges.possible_to', 'ranges.step') }}
                )
    end as possible_figures,
    findings.explanation_id,
    findings.explanation_en,
    register.finding_id is not null as is_registered,
    register.cause_code,
    causes.label_id as cause_label_id,
    causes.label_en as cause_label_en,
    searches.search_outcome,
    searches.repairs_found,
    repairs.proposed,
    repairs.slip_code as proposed_slip_code,
    repairs.slip_label_id as proposed_slip_id,
    repairs.slip_label_en as proposed_slip_en,
    slips.cause_code as proposed_cause_code,
    repairs.evidence
from findings
left join {{ ref('known_discrepancies') }} as register on findings.finding_id = register.finding_id
left join {{ ref('discrepancy_causes') }} as causes on register.cause_code = causes.cause_code
left join ranges on findings.finding_id = ranges.finding_id
left join {{ ref('repair_searches') }} as searches on findings.finding_id = searches.finding_id
left join unique_repairs as repairs on findings.finding_id = repairs.finding_id
left join {{ ref('slips') }} as slips on repairs.slip_code = slips.slip_code
