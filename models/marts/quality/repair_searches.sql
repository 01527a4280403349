with searches as (
    select * from {{ ref('int_diagnosis__searches') }}
),

found as (
    select
        finding_id,
        count(distinct set_id) as repairs_found,
        min(changed_cells) as changed_cells
    from {{ ref('int_diagnosis__repairs') }}
    group by finding_id
),

unique_repairs as (
    select distinct finding_id from {{ ref('repairs') }}
    where is_unique
)

select
    searches.finding_id,
    findings.rule_id,
    findings.document_id,
    searches.cells_tried,
    searches.values_tried,
    searches.near_misses,
    searches.expected_by_chance,
    coalesce(found.repairs_found, 0) as repairs_found,
    found.changed_cells,
    case
        when unique_repairs.finding_id is not null then 'unique'
        when found.repairs_found = 1 then 'unproven'
        when found.repairs_found > 1 then 'several'
        when searches.is_stopped then 'stopped'
        else 'none'
    end as search_outcome,
    searches.is_stopped
from searches
inner join {{ ref('int_quality__findings') }} as findings on searches.finding_id = findings.finding_id
left join found on searches.finding_id = found.finding_id
left join unique_repairs on searches.finding_id = unique_repairs.finding_id
