-- Every figure of budget_realization that is worked out, from the printed ones of the same mart: quarters add up to the
-- year to date, lines add up to the line above, percentages multiply back; and every printed line is there, with its
-- level, its parent and its verdicts.
with lines as (
    select
        budget.*,
        documents.is_cumulative
    from {{ ref('budget_realization') }} as budget
    inner join {{ ref('documents') }} as documents on budget.document_id = documents.document_id
),

to_date as (
    select
        lines.document_id,
        lines.line_code,
        sum(earlier.realization_rupiah) as realization_rupiah,
        count(*) as quarters
    from lines
    inner join lines as earlier
        on
            lines.agency_code = earlier.agency_code
            and lines.fiscal_year = earlier.fiscal_year
            and lines.line_code = earlier.line_code
            and lines.quarter >= earlier.quarter
    group by lines.document_id, lines.line_code
),

below as (
    select
        document_id,
        parent_line_code as line_code,
        count(*) as children,
        sum(ceiling_rupiah) as ceiling_rupiah,
        sum(realization_rupiah) as realization_rupiah
    from lines
    where parent_line_code is not null
    group by document_id, parent_line_code
),

levels as (
    select
        children.document_id,
        children.line_code,
        parents.budget_level as parent_level
    from lines as children
    inner join lines as parents
        on
            children.document_id = parents.document_id
            and children.parent_line_code = parents.line_code
),

verdicts as (
    select
        document_id,
        row_no,
        max(case when rule_id = 'budget.line_percentage' then published end) as percentage,
        max(
            case
                when
                    rule_id in ('budget.rollup', 'budget.grand_total') and component_code = 'ceiling_rupiah'
                    then published
            end
        ) as ceiling_rupiah,
        max(
            case
                when
                    rule_id in ('budget.rollup', 'budget.grand_total') and component_code = 'realization_rupiah'
                    then published
            end
        )
            as realization_rupiah,
        max(case when rule_id in ('budget.rollup', 'budget.grand_total') then recomputed end) is not null as is_complete
    from {{ ref('reconciliation') }}
    where rule_id in ('budget.line_percentage', 'budget.rollup', 'budget.grand_total')
    group by document_id, row_no
),

checked as (
    select
        lines.document_id,
        lines.line_code,
        concat_ws(
            '; ',
            case
                when
                    lines.quarters_printed is distinct from to_date.quarters
                    or lines.cumulative_realization_rupiah
                    is distinct from case
                        when to_date.quarters = lines.quarter then to_date.realization_rupiah
                        -- A form that cumulates knows the year to date without the forms before it.
                        when lines.is_cumulative then lines.cumulative_realization_rupiah
                    end
                    then concat_ws(
                        '',
                        'to date ',
                        coalesce(concat(lines.cumulative_realization_rupiah), 'nothing'),
                        ' of ',
                        lines.quarters_printed,
                        ' quarters, but the quarters add up to ', to_date.realization_rupiah, ' of ', to_date.quarters
                    )
            end,
            case
                when
                    not {{ is_percentage('lines.realization_pct', 'lines.realization_rupiah', 'lines.ceiling_rupiah') }}
                    or (lines.realization_pct is null) != (lines.realization_rupiah is null)
                    or lines.realization_rupiah is null and not lines.is_cumulative
                    then
                        concat(
                            'realization_pct ',
                            coalesce(concat(lines.realization_pct), 'nothing'),
                            ' is not that of the two amounts'
                        )
            end,
            case
                when
                    not coalesce(
                        {{ is_percentage(
                            'lines.cumulative_realization_pct',
                            'lines.cumulative_realization_rupiah',
                            'lines.ceiling_rupiah'
                        ) }},
                        lines.cumulative_realization_pct is null and lines.cumulative_realization_rupiah is null
                    )
                    or lines.remaining_rupiah is distinct from lines.ceiling_rupiah
                    - lines.cumulative_realization_rupiah
                    then 'the percentage or the rest to date is not that of the amount to date'
            end,
            case
                when
                    lines.children_printed is distinct from below.children
                    or lines.children_ceiling_rupiah is distinct from below.ceiling_rupiah
                    or lines.children_realization_rupiah is distinct from below.realization_rupiah
                    then concat_ws(
                        '',
                        'children ',
                        lines.children_printed,
                        ', ',
                        lines.children_ceiling_rupiah,
                        ', ',
                        lines.children_realization_rupiah,
                        ', but the lines below are ',
                        below.children,
                        ', ',
                        below.ceiling_rupiah,
                        ', ',
                        below.realization_rupiah
                    )
            end,
            case
                when
                    lines.children_complete is distinct from case
                        when lines.budget_level = 'sub_activity' then null
                        when lines.is_printed then coalesce(verdicts.is_complete, false)
                        else true
                    end
                    then 'children_complete is not what reconciliation recomputes'
            end,
            case
                when
                    lines.is_printed
                    and (
                        coalesce(lines.realization_pct_published, lines.cumulative_realization_pct_published)
                        is distinct from verdicts.percentage
                        or lines.budget_level != 'sub_activity'
                        and lines.ceiling_rupiah is distinct from verdicts.ceiling_rupiah
                        or lines.budget_level != 'sub_activity'
                        and case
                            when lines.is_cumulative then lines.cumulative_realization_rupiah
                            else lines.realization_rupiah
                        end
                        is distinct from verdicts.realization_rupiah
                    )
                    then 'its printed figures are not those that reconciliation checks'
            end,
            case
                when
                    lines.is_printed is null
                    or lines.is_printed != (lines.row_no is not null)
                    or not (lines.is_printed or lines.budget_level = 'agency')
                    then 'it is said to be printed and has no row, or the other way round'
            end,
            case
                when
                    (lines.budget_level = 'agency') != (lines.parent_line_code is null)
                    or (lines.budget_level = 'agency') != (lines.line_code = '0')
                    or not coalesce(
                        case lines.budget_level
                            when 'agency' then levels.parent_level is null
                            when 'program' then levels.parent_level = 'agency'
                            when 'activity' then levels.parent_level = 'program'
                            -- An activity on a page that is missing leaves its lines to the program.
                            when 'sub_activity' then levels.parent_level = 'activity' or lines.line_code like '%.0.%'
                        end,
                        false
                    )
                    then
                        concat_ws(
                            ' ', 'its level', lines.budget_level, 'does not go with its parent', lines.parent_line_code
                        )
            end
        ) as faults
    from lines
    left join to_date
        on
            lines.document_id = to_date.document_id
            and lines.line_code = to_date.line_code
    left join below
        on
            lines.document_id = below.document_id
            and lines.line_code = below.line_code
    left join levels
        on
            lines.document_id = levels.document_id
            and lines.line_code = levels.line_code
    left join verdicts
        on
            lines.document_id = verdicts.document_id
            and lines.row_no = verdicts.row_no
),

-- As many printed lines as the form has, and one of the whole agency.
counted as (
    select
        coverage.document_id,
        coverage.printed_rows,
        count(case when lines.is_printed then 1 end) as lines_printed,
        count(case when lines.budget_level = 'agency' then 1 end) as totals
    from {{ ref('source_coverage') }} as coverage
    left join lines on coverage.document_id = lines.document_id
    where
        coverage.document_id in (
            select forms.document_id from {{ ref('documents') }} as forms
            where forms.fiscal_quarter is not null
        )
        and coverage.table_id = 'budget'
    group by coverage.document_id, coverage.printed_rows
)

select concat('budget_realization, ', document_id, ', line ', line_code, ': ', faults) as message
from checked
where faults != ''
union all
select
    concat(
        'budget_realization, ', document_id, ': ', lines_printed, ' printed lines and ', totals,
        ' totals; the form prints ', printed_rows, ' lines'
    ) as message
from counted
where
    lines_printed != printed_rows
    or totals != 1
