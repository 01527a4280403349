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
        is_cumulative,
        table_id,
        row_no,
        source_line,
        true as is_printed
    from {{ ref('int_budget__lines') }}
),

rollups as (
    select * from {{ ref('int_budget__rollups') }}
),

forms as (
    select
        document_id,
        bool_or(is_cumulative) as is_cumulative
    from printed
    group by document_id
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
        forms.is_cumulative,
        null as table_id,
        null as row_no,
        null as source_line,
        false as is_printed
    from rollups
    inner join forms on rollups.document_id = forms.document_id
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

-- A year has four forms at most: what is printed in each of them is one row per line of the year.
by_quarter as (
    select
        {%- for quarter in range(1, 5) %}
            sum(case when quarter = {{ quarter }} then realization_rupiah end) as printed_{{ quarter }},
            bool_or(quarter = {{ quarter }} and coalesce(is_cumulative, false)) as is_cumulative_{{ quarter }},
            count(case when quarter <= {{ quarter }} then line_code end) as quarters_through_{{ quarter }},
        {%- endfor %}
        agency_code,
        fiscal_year,
        line_code
    from lines
    group by agency_code, fiscal_year, line_code
),

-- A form that cumulates prints the year to date; another adds its quarter to it. Quarters of which the line is lost
-- leave it unknown.
to_date as (
    select
        *,
        0 as through_0,
        {%- for quarter in range(1, 5) %}
            case
                when is_cumulative_{{ quarter }} then printed_{{ quarter }}
                else through_{{ quarter - 1 }} + printed_{{ quarter }}
            end as through_{{ quarter }},
        {%- endfor %}
        4 as quarters
    from by_quarter
),

-- What is of the quarter alone: what a form prints, or what it has more than the quarters before.
complete as (
    select
        lines.*,
        case lines.quarter
            {%- for quarter in range(1, 5) %}
                when {{ quarter }}
                    then
                        case
                            when lines.is_cumulative then lines.realization_rupiah - to_date.through_{{ quarter - 1 }}
                            else lines.realization_rupiah
                        end
            {%- endfor %}
        end as quarter_realization_rupiah,
        case lines.quarter
            {%- for quarter in range(1, 5) %}
                when {{ quarter }} then to_date.through_{{ quarter }}
            {%- endfor %}
        end as cumulative_realization_rupiah,
        case lines.quarter
            {%- for quarter in range(1, 5) %}
                when {{ quarter }} then to_date.quarters_through_{{ quarter }}
            {%- endfor %}
        end as quarters_printed
    from lines
    inner join to_date
        on
            lines.agency_code = to_date.agency_code
            and lines.fiscal_year = to_date.fiscal_year
            and lines.line_code = to_date.line_code
),

quarters_below as (
    select
        document_id,
        parent_line_code as line_code,
        sum(quarter_realization_rupiah) as realization_rupiah
    from complete
    where parent_line_code is not null
    group by document_id, parent_line_code
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
    cast(lines.quarter_realization_rupiah as decimal(18, 0)) as realization_rupiah,
    -- What a form prints that cumulates is the percentage to date.
    case when not coalesce(lines.is_cumulative, false) then lines.realization_pct end as realization_pct_published,
    cast({{ percentage_of('lines.quarter_realization_rupiah', 'lines.ceiling_rupiah') }} as decimal(9, 2))
        as realization_pct,
    lines.quarters_printed,
    cast(lines.cumulative_realization_rupiah as decimal(18, 0)) as cumulative_realization_rupiah,
    cast({{ percentage_of('lines.cumulative_realization_rupiah', 'lines.ceiling_rupiah') }} as decimal(9, 2))
        as cumulative_realization_pct,
    case when lines.is_cumulative then lines.realization_pct end as cumulative_realization_pct_published,
    cast(lines.ceiling_rupiah - lines.cumulative_realization_rupiah as decimal(18, 0)) as remaining_rupiah,
    rollups.children_printed,
    rollups.children_ceiling_rupiah,
    cast(quarters_below.realization_rupiah as decimal(18, 0)) as children_realization_rupiah,
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
left join quarters_below
    on
        lines.document_id = quarters_below.document_id
        and lines.line_code = quarters_below.line_code
