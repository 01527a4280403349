-- Each finding of arithmetic, by a number made of its text as those of columns are, with the cells that its rule rests
-- on, and what a change of them must come to for the rule to hold: how far it pulls, from what to what is needed, open
-- where the rule bounds one side only. In doubles: a first sieve. What half steps beyond a scale may add is leeway;
-- what the rule divides by bends it, and may add anything.
with findings as (
    select
        findings.*,
        columns.column_no,
        {{ number_of('findings.finding_id') }} as finding_no
    from {{ ref('int_quality__findings') }} as findings
    inner join {{ ref('int_diagnosis__columns') }} as columns on {{ same_column('findings', 'columns') }}
)

select
    findings.finding_id,
    findings.finding_no,
    cells.rule_id,
    cells.column_no,
    cells.row_no,
    cells.cell_column_no,
    cells.cell_row_no,
    cells.cell_role,
    cells.value,
    cells.step,
    cells.pull,
    cells.holds_from,
    cells.holds_to,
    {%- for side, bounds in {'from': ['to', 'from'], 'to': ['from', 'to']}.items() %}
        cells.pull * cast(
            case when cells.pull < 0 then cells.holds_{{ bounds[0] }} else cells.holds_{{ bounds[1] }} end
            - cells.value as double
        ) as needed_{{ side }},
    {%- endfor %}
    case
        when cells.denominator_factor != 0 then cast('infinity' as double)
        else abs(cells.pull) * cells.half_step_points / 50000
    end as leeway
from {{ ref('int_diagnosis__rule_cells') }} as cells
inner join findings on {{ same_claim('cells', 'findings') }}
where not {{ rule_holds_with('cells', 'cells.value') }}
