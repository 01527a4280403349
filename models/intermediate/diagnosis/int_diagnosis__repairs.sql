-- All sets of changes that mend a finding, one row per finding, set and cell: by one slip, by a grade that is its
-- score's, and by two slips where nothing less does.
with found as (
    select
        set_id,
        slip_code,
        cell_column_no,
        cell_row_no,
        proposed,
        cast(null as string) as proposed_text,
        weight,
        expected_by_chance,
        rules_satisfied
    from {{ ref('int_diagnosis__found') }}
),

pairs as (
    select
        *,
        {{ number_of('set_id') }} as set_no
    from {{ ref('int_diagnosis__pairs') }}
),

pair_changes as (
    select
        set_id,
        set_no,
        slip_code,
        cell_column_no,
        cell_row_no,
        proposed,
        weight
    from pairs
    union all
    select
        set_id,
        set_no,
        other_slip_code as slip_code,
        other_column_no as cell_column_no,
        other_row_no as cell_row_no,
        other_proposed as proposed,
        weight
    from pairs
),

rules_touched as (
    select
        pair_changes.set_no,
        pair_changes.proposed,
        cells.*
    from {{ ref('int_diagnosis__rule_cells') }} as cells
    inner join pair_changes on {{ same_cell('cells', 'pair_changes') }}
),

paired as (
    select
        pair_changes.set_id,
        pair_changes.slip_code,
        pair_changes.cell_column_no,
        pair_changes.cell_row_no,
        pair_changes.proposed,
        cast(null as string) as proposed_text,
        pair_changes.weight,
        cast(null as double) as expected_by_chance,
        mending.rules_satisfied
    from pair_changes
    inner join {{ sets_that_mend(rules_judged('rules_touched')) }} as mending on pair_changes.set_no = mending.set_no
),

graded as (
    select
        concat_ws('/', grades.finding_id, grades.proposed) as set_id,
        grades.slip_code,
        grades.cell_column_no,
        grades.cell_row_no,
        cast(null as decimal(18, 4)) as proposed,
        grades.proposed as proposed_text,
        cast(slips.prior as double) as weight,
        cast(null as double) as expected_by_chance,
        1 as rules_satisfied
    from {{ ref('int_diagnosis__grades') }} as grades
    inner join {{ ref('slips') }} as slips on grades.slip_code = slips.slip_code
),

-- A number is shorter than the name of a set to join by.
changes as (
    select
        *,
        {{ number_of('set_id') }} as set_no
    from (
        select * from found
        union all
        select * from paired
        union all
        select * from graded
    ) as all_changes
),

-- A set belongs to each finding that it mends: those of the rules that its cells broke.
broken as (
    select distinct
        finding_id,
        cell_column_no,
        cell_row_no
    from {{ ref('int_diagnosis__broken_rules') }}
    union
    select
        finding_id,
        cell_column_no,
        cell_row_no
    from {{ ref('int_diagnosis__grades') }}
),

mended as (
    select distinct
        changes.set_no,
        broken.finding_id
    from changes
    inner join broken on {{ same_cell('changes', 'broken') }}
),

sets as (
    select
        set_no,
        count(*) as changed_cells,
        max(weight) as weight,
        max(expected_by_chance) as expected_by_chance,
        max(rules_satisfied) as rules_satisfied
    from changes
    group by set_no
),

removed as (
    select
        set_no,
        count(*) as findings_removed
    from mended
    group by set_no
)

select
    mended.finding_id,
    changes.set_id,
    changes.slip_code,
    changes.cell_column_no,
    changes.cell_row_no,
    changes.proposed,
    changes.proposed_text,
    sets.changed_cells,
    sets.weight,
    sets.expected_by_chance,
    sets.rules_satisfied,
    removed.findings_removed
from changes
inner join mended on changes.set_no = mended.set_no
inner join sets on changes.set_no = sets.set_no
inner join removed on changes.set_no = removed.set_no
