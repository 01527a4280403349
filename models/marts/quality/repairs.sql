{%- set most_listed = 25 -%}
{%- set least_evidence = 2 -%}
{%- set most_accidents = 0.05 -%}
{%- set expected =
    'cast(coalesce(listed.expected_by_chance, searches.expected_by_chance) as decimal(9, 4))'
-%}

-- The likeliest first: what mends more findings, unless it may be an accident, with fewer cells; then what slips of its
-- kind make likelier.
with sets as (
    select
        finding_id,
        set_id,
        changed_cells,
        findings_removed,
        rules_satisfied,
        weight,
        expected_by_chance,
        min(cell_row_no) as first_row,
        max(cell_row_no) as last_row
    from {{ ref('int_diagnosis__repairs') }}
    group by finding_id, set_id, changed_cells, findings_removed, rules_satisfied, weight, expected_by_chance
),

ranked as (
    select
        *,
        cast(row_number() over (
            partition by finding_id
            order by
                case when coalesce(expected_by_chance, 0) <= {{ most_accidents }} then -findings_removed else 0 end,
                changed_cells, -rules_satisfied, -weight, first_row, last_row, set_id
        ) as bigint) as repair_no,
        count(*) over (partition by finding_id) as repairs_found,
        max(findings_removed) over (partition by finding_id) as most_removed,
        count(*) over (partition by finding_id, findings_removed) as repairs_as_good
    from sets
),

listed as (
    select
        ranked.*,
        repairs.slip_code,
        repairs.cell_column_no,
        repairs.cell_row_no,
        repairs.proposed,
        repairs.proposed_text
    from {{ ref('int_diagnosis__repairs') }} as repairs
    inner join ranked
        on
            repairs.finding_id = ranked.finding_id
            and repairs.set_id = ranked.set_id
    where ranked.repair_no <= {{ most_listed }}
),

-- Rules that stood before and refuse nearly all other values of a cell witness for the one that they let pass. One that
-- rests on two of the changed cells does not, as what one adds the other may take.
standing as (
    select
        listed.finding_id,
        listed.set_id,
        cells.rule_id,
        cells.column_no,
        cells.row_no
    from {{ ref('int_diagnosis__rule_cells') }} as cells
    inner join listed on {{ same_cell('cells', 'listed') }}
    where
        {{ rule_holds_with('cells', 'cells.value') }}
        and cells.holds_to - cells.holds_from <= 10 * cells.step
    group by listed.finding_id, listed.set_id, cells.rule_id, cells.column_no, cells.row_no
    having count(*) = 1
),

witnesses as (
    select
        finding_id,
        set_id,
        count(*) as witnesses
    from standing
    group by finding_id, set_id
    union all
    -- A grade rests on its score, and so on what confirms that.
    select
        listed.finding_id,
        listed.set_id,
        count(*) as witnesses
    from {{ ref('int_diagnosis__rule_cells') }} as cells
    inner join {{ ref('int_diagnosis__grades') }} as grades
        on
            cells.cell_column_no = grades.score_column_no
            and cells.cell_row_no = grades.score_row_no
    inner join listed
        on
            grades.finding_id = listed.finding_id
            and listed.proposed_text is not null
    where
        {{ rule_holds_with('cells', 'cells.value') }}
        and cells.holds_to - cells.holds_from <= 10 * cells.step
    group by listed.finding_id, listed.set_id
)

select
    listed.finding_id,
    listed.repair_no,
    columns.document_id,
    columns.table_id,
    listed.cell_row_no as row_no,
    columns.column_name,
    -- A grade is no cell of numbers.
    coalesce(cells.printed, grades.printed) as printed,
    coalesce(
        listed.proposed_text,
        concat(
            {{ as_printed('listed.proposed', 'cells.step') }},
            case when contains(cells.printed, '%') then '%' else '' end
        )
    ) as proposed,
    listed.slip_code,
    slips.label_id as slip_label_id,
    slips.label_en as slip_label_en,
    listed.changed_cells,
    listed.rules_satisfied,
    cast(0 as bigint) as rules_broken,
    listed.findings_removed,
    listed.repairs_found - 1 as alternatives,
    listed.rules_satisfied + coalesce(witnesses.witnesses, 0) as evidence,
    {{ expected }} as expected_by_chance,
    listed.findings_removed = listed.most_removed
    and listed.repairs_as_good = 1
    and listed.rules_satisfied + coalesce(witnesses.witnesses, 0) >= {{ least_evidence }}
    and {{ expected }} <= {{ most_accidents }} as is_unique
from listed
inner join {{ ref('int_diagnosis__columns') }} as columns on listed.cell_column_no = columns.column_no
inner join {{ ref('slips') }} as slips on listed.slip_code = slips.slip_code
left join {{ ref('int_diagnosis__cells') }} as cells on {{ same_cell('listed', 'cells') }}
left join {{ ref('int_diagnosis__grades') }} as grades on listed.finding_id = grades.finding_id
left join witnesses
    on
        listed.finding_id = witnesses.finding_id
        and listed.set_id = witnesses.set_id
left join {{ ref('int_diagnosis__searches') }} as searches on listed.finding_id = searches.finding_id
