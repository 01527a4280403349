-- The moves after which all rules hold that their cells touch. Within a column each cell was given only what its own
-- rules let pass; left to ask are those that rest on several of its cells. Within a row all are asked.
with rules_touched as (
    select
        moves.set_no,
        moves.proposed,
        cells.*
    from {{ ref('int_diagnosis__rule_cells') }} as cells
    inner join {{ ref('int_diagnosis__moves') }} as moves on {{ same_cell('cells', 'moves') }}
    where not moves.is_in_column
    union all
    select
        moves.set_no,
        moves.proposed,
        cells.*
    from {{ ref('int_diagnosis__rule_cells') }} as cells
    inner join {{ ref('int_diagnosis__shared_rules') }} as shared_rules
        on
            {{ same_claim('cells', 'shared_rules') }}
            and cells.cell_column_no = shared_rules.cell_column_no
    inner join {{ ref('int_diagnosis__moves') }} as moves on {{ same_cell('cells', 'moves') }}
    where moves.is_in_column
),

judged as (
    select
        set_no,
        holds,
        broken_rules
    from {{ rules_judged('rules_touched') }}
    union all
    select
        moves.set_no,
        cells.own_can_hold as holds,
        cells.own_broken_rules as broken_rules
    from {{ ref('int_diagnosis__cells') }} as cells
    inner join {{ ref('int_diagnosis__moves') }} as moves on {{ same_cell('cells', 'moves') }}
    where moves.is_in_column
)

select
    set_no,
    rules_satisfied
from {{ sets_that_mend('judged') }}
