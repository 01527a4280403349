with printed as (
    select
        document_id,
        agency_code,
        fiscal_year,
        quarter,
        line_code,
        parent_line_code,
        budget_level,
        line_name,
        ceiling_rupiah,
        realization_rupiah,
        realization_pct,
        table_id,
        row_no,
        source_line,
        true as is_printed
    from {{ ref('int_budget__lines') }}
),

rollups as (
    select * from {{ ref('int_budget__rollups') }}
),

-- A form that prints no grand total still has one: the sum of its programs.
agency_totals as (
    select
        rollups.document_id,
        rollups.agency_code,
        rollups.fiscal_year,
        rollups.quarter,
        rollups.line_code,
        null as parent_line_code,
        'agency' as budget_level,
        'Total Anggaran' as line_name,
        rollups.children_ceiling_rupiah as ceiling_rupiah,
        rollups.children_realization_rupiah as realization_rupiah,
        null as realization_pct,
        null as table_id,
        null as row_no,
        null as source_line,
        false as is_printed
    from rollups
    left join printed
        on
            rollups.document_id = printed.document_id
            and rollups.line_code = printed.line_code
    where
        rollups.line_code = '0'
        and printed.line_code is null
),

lines as (
    select * from printed
    union all
    select * from agency_totals
),

-- A year has four forms at most: what is realized through each of them is one row per line of the year.
through_quarters as (
    select
        {%- for quarter in range(1, 5) %}
            sum(case when quarter <= {{ quarter }} then realization_rupiah end) as realization_through_{{ quarter }},
            count(case when quarter <= {{ quarter }} then line_code end) as quarters_through_{{ quarter }},
        {%- endfor %}
        agency_code,
        fiscal_year,
        line_code
    from lines
    group by agency_code, fiscal_year, line_code
),

cumulated as (
    select
        lines.*,
        case lines.quarter
            {%- for quarter in range(1, 5) %}
                when {{ quarter }} then through_quarters.realization_through_{{ quarter }}
            {%- endfor %}
        end as realization_to_date,
        case lines.quarter
            {%- for quarter in range(1, 5) %}
                when {{ quarter }} then through_quarters.quarters_through_{{ quarter }}
            {%- endfor %}
        end as quarters_printed
    from lines
    inner join through_quarters
        on
            lines.agency_code = through_quarters.agency_code
            and lines.fiscal_year = through_quarters.fiscal_year
            and lines.line_code = through_quarters.line_code
),

complete as (
    -- Quarters of which the line is lost leave the sum to date unknown.
    select
        *,
        case when quarters_printed = quarter then realization_to_date end as cumulative_realization_rupiah
    from cumulated
)

select
    lines.document_id,
    lines.agency_code,
    lines.fiscal_year,
    lines.quarter,
    lines.line_code,
    lines.parent_line_code,
    lines.budget_level,
    lines.line_name,
    lines.is_printed,
    lines.ceiling_rupiah,
    lines.realization_rupiah,
    lines.realization_pct as realization_pct_published,
    cast({{ percentage_of('lines.realization_rupiah', 'lines.ceiling_rupiah') }} as decimal(9, 2))
        as realization_pct,
    lines.quarters_printed,
    cast(lines.cumulative_realization_rupiah as decimal(18, 0)) as cumulative_realization_rupiah,
    cast({{ percentage_of('lines.cumulative_realization_rupiah', 'lines.ceiling_rupiah') }} as decimal(9, 2))
        as cumulative_realization_pct,
    cast(lines.ceiling_rupiah - lines.cumulative_realization_rupiah as decimal(18, 0)) as remaining_rupiah,
    rollups.children_printed,
    rollups.children_ceiling_rupiah,
    rollups.children_realization_rupiah,
    case when lines.budget_level != 'sub_activity' then coalesce(rollups.children_complete, false) end
        as children_complete,
    lines.table_id,
    lines.row_no,
    lines.source_line
from complete as lines
left join rollups
    on
        lines.document_id = rollups.document_id
        and lines.line_code = rollups.line_code
