{%- set most_listed = 25 -%}
{%- set least_evidence = 2 -%}
{%- set most_accidents = 0.05 -%}
{%- set expected =
    'cast(coalesce(ranked.expected_by_chance, searches.expected_by_chance) as decimal(9, 4))'
-%}

-- The likeliest first: what mends more findings, unless it may be an accident, with fewer cells; then what slips of its
-- kind make likelier.
with repairs as (
    select
        repairs.*,
        columns.document_id,
        columns.table_id,
        columns.column_name,
        concat_ws(
            '/', columns.document_id, columns.table_id, repairs.cell_row_no, columns.column_name, repairs.proposed
        ) as change
    from {{ ref('int_diagnosis__repairs') }} as repairs
    inner join {{ ref('int_diagnosis__columns') }} as columns on repairs.cell_column_no = columns.column_no
),

sets as (
    select
        finding_id,
        set_id,
        changed_cells,
        findings_removed,
        rules_satisfied,
        weight,
        expected_by_chance,
        min(change) as first_change,
        max(change) as last_change
    from repairs
    group by finding_id, set_id, changed_cells, findings_removed, rules_satisfied, weight, expected_by_chance
),

ranked as (
    select
        *,
        cast(row_number() over (
            partition by finding_id
            order by
                case when coalesce(expected_by_chance, 0) <= {{ most_accidents }} then -findings_removed else 0 end,
                changed_cells, -rules_satisfied, -weight, first_change, last_change, set_id
        ) as bigint) as repair_no,
        count(*) over (partition by finding_id) as repairs_found,
        max(findings_removed) over (partition by finding_id) as most_removed,
        count(*) over (partition by finding_id, findings_removed) as repairs_as_good
    from sets
),

-- Rules that stood before and refuse nearly all other values of a cell witness for the one that they let pass. One that
-- rests on two of the changed cells does not, as what one adds the other may take.
standing as (
    select
        ranked.finding_id,
        ranked.set_id,
        cells.rule_id,
        cells.column_no,
        cells.row_no
    from ranked
    inner join repairs
        on
            ranked.finding_id = repairs.finding_id
            and ranked.set_id = repairs.set_id
    inner join {{ ref('int_diagnosis__rule_cells') }} as cells on {{ same_cell('repairs', 'cells') }}
    where
        ranked.repair_no <= {{ most_listed }}
        and {{ rule_holds_with('cells', 'cells.value') }}
        and cells.holds_to - cells.holds_from <= 10 * cells.step
    group by ranked.finding_id, ranked.set_id, cells.rule_id, cells.column_no, cells.row_no
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
        ranked.finding_id,
        ranked.set_id,
        count(*) as witnesses
    from ranked
    inner join repairs
        on
            ranked.finding_id = repairs.finding_id
            and ranked.set_id = repairs.set_id
            and repairs.proposed_text is not null
    inner join {{ ref('int_diagnosis__grades') }} as grades on repairs.finding_id = grades.finding_id
    inner join {{ ref('int_diagnosis__rule_cells') }} as cells
        on
            grades.score_column_no = cells.cell_column_no
            and grades.score_row_no = cells.cell_row_no
    where
        {{ rule_holds_with('cells', 'cells.value') }}
        and cells.holds_to - cells.holds_from <= 10 * cells.step
    group by ranked.finding_id, ranked.set_id
)

select
    repairs.finding_id,
    ranked.repair_no,
    repairs.document_id,
    repairs.table_id,
    repairs.cell_row_no as row_no,
    repairs.column_name,
    coalesce(cells.printed, grades.printed) as printed,
    coalesce(
        repairs.proposed_text,
        concat(
            {{ as_printed('repairs.proposed', 'cells.step') }},
            case when contains(cells.printed, '%') then '%' else '' end
        )
    ) as proposed,
    repairs.slip_code,
    slips.label_id as slip_label_id,
    slips.label_en as slip_label_en,
    ranked.changed_cells,
    ranked.rules_satisfied,
    cast(0 as bigint) as rules_broken,
    ranked.findings_removed,
    ranked.repairs_found - 1 as alternatives,
    ranked.rules_satisfied + coalesce(witnesses.witnesses, 0) as evidence,
    {{ expected }} as expected_by_chance,
    ranked.findings_removed = ranked.most_removed
    and ranked.repairs_as_good = 1
    and ranked.rules_satisfied + coalesce(witnesses.witnesses, 0) >= {{ least_evidence }}
    and {{ expected }} <= {{ most_accidents }} as is_unique
from repairs
inner join ranked
    on
        repairs.finding_id = ranked.finding_id
        and repairs.set_id = ranked.set_id
        and ranked.repair_no <= {{ most_listed }}
inner join {{ ref('slips') }} as slips on repairs.slip_code = slips.slip_code
left join {{ ref('int_diagnosis__cells') }} as cells on {{ same_cell('repairs', 'cells') }}
left join {{ ref('int_diagnosis__grades') }} as grades
    on
        repairs.finding_id = grades.finding_id
        and repairs.proposed_text is not null
left join witnesses
    on
        ranked.finding_id = witnesses.finding_id
        and ranked.set_id = witnesses.set_id
left join {{ ref('int_diagnosis__searches') }} as searches on repairs.finding_id = searches.finding_id
