{%- set windows = 20 -%}

-- How wide the search for each finding was, and how many proposals would fit by accident: of the values that all rules
-- but the broken ones allow, how many come near to what these need without meeting it, so many windows to either side.
-- Values are counted once for each cell, however many findings rest on it.
with broken as (
    select distinct
        finding_id,
        finding_no,
        cell_column_no,
        cell_row_no
    from {{ ref('int_diagnosis__broken_rules') }}
),

-- What several slips propose is one value.
proposals as (
    select distinct
        cell_column_no,
        cell_row_no,
        proposed
    from {{ ref('int_diagnosis__values_tried') }}
),

counted as (
    select
        cells.cell_column_no,
        cells.cell_row_no,
        count(*) as values_tried,
        count(case
            when
                {{ fits('proposals.proposed', 'cells', 'kept') }}
                and cells.broken_from <= cells.broken_to
                and not {{ fits('proposals.proposed', 'cells', 'broken') }}
                and proposals.proposed
                between cells.broken_from - {{ windows }} * (cells.broken_to - cells.broken_from + cells.step)
                and cells.broken_to + {{ windows }} * (cells.broken_to - cells.broken_from + cells.step)
                then 1
        end) as near_misses
    from proposals
    inner join {{ ref('int_diagnosis__cells') }} as cells
        on
            {{ same_cell('proposals', 'cells') }}
            and cells.is_broken
    group by cells.cell_column_no, cells.cell_row_no
),

tried as (
    select
        broken.finding_id,
        broken.finding_no,
        cells.broken_rules,
        cells.rows_of_column,
        coalesce(counted.values_tried, 0) as values_tried,
        coalesce(counted.near_misses, 0) as near_misses
    from broken
    inner join {{ ref('int_diagnosis__cells') }} as cells
        on
            {{ same_cell('broken', 'cells') }}
            and cells.is_broken
    left join counted on {{ same_cell('cells', 'counted') }}
),

best as (
    select
        finding_id,
        max(rules_satisfied) as rules_satisfied
    from {{ ref('int_diagnosis__repairs') }}
    group by finding_id
)

select
    tried.finding_id,
    count(*) as cells_tried,
    cast(sum(tried.values_tried) as bigint) as values_tried,
    cast(coalesce(sum(case when tried.broken_rules >= best.rules_satisfied then tried.near_misses end), 0) as bigint)
        as near_misses,
    cast(
        coalesce(sum(case when tried.broken_rules >= best.rules_satisfied then tried.near_misses end), 0)
        * {{ 1 / (2 * windows) }}
        -- Broken rules that agree on one value: by accident at most one in ten would agree with another.
        * power(0.1, coalesce(max(best.rules_satisfied), 1) - 1) as decimal(9, 4)
    ) as expected_by_chance,
    coalesce(max(pair_sizes.values_to_pair) > {{ most_values_paired() }}, false)
    or max(tried.rows_of_column) > {{ most_rows_searched() }} as is_stopped
from tried
left join best on tried.finding_id = best.finding_id
left join {{ ref('int_diagnosis__pair_sizes') }} as pair_sizes on tried.finding_no = pair_sizes.finding_no
group by tried.finding_id
