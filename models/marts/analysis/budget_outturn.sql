-- What an agency spent against what was first budgeted: the arithmetic of PEFA PI-1 (total) and PI-2 (composition by
-- program). The first form of a year prints the original ceilings, the last the revised ones.
with years as (
    select
        agency_code,
        fiscal_year,
        line_code,
        parent_line_code,
        min_by(ceiling_rupiah, quarter) as original_rupiah,
        max_by(ceiling_rupiah, quarter) as revised_rupiah,
        max(year_realization_rupiah) as actual_rupiah,
        max(year_withheld_reason) as withheld_reason
    from {{ ref('budget_pace') }}
    where
        line_code = '0'
        or parent_line_code = '0'
    group by agency_code, fiscal_year, line_code, parent_line_code
),

agencies as (
    select * from years
    where line_code = '0'
),

programs as (
    select * from years
    where parent_line_code = '0'
),

-- Each program would have had its share of what was spent in all.
adjusted as (
    select
        programs.agency_code,
        programs.fiscal_year,
        programs.actual_rupiah,
        cast(
            programs.original_rupiah
            * cast({{ exact_quotient('agencies.actual_rupiah', 'agencies.original_rupiah', 0) }} as decimal(19, 12))
            as decimal(18, 0)
        ) as adjusted_rupiah
    from programs
    inner join agencies
        on
            programs.agency_code = agencies.agency_code
            and programs.fiscal_year = agencies.fiscal_year
),

compositions as (
    select
        agency_code,
        fiscal_year,
        case when count(*) = count(actual_rupiah) then sum(abs(actual_rupiah - adjusted_rupiah)) end as shifted_rupiah,
        sum(adjusted_rupiah) as adjusted_rupiah
    from adjusted
    group by agency_code, fiscal_year
),

deviations as (
    select
        agencies.agency_code,
        agencies.fiscal_year,
        agencies.original_rupiah,
        agencies.revised_rupiah,
        agencies.actual_rupiah,
        cast({{ percentage_of('agencies.actual_rupiah', 'agencies.original_rupiah') }} as decimal(9, 2)) as outturn_pct,
        cast({{ percentage_of('agencies.actual_rupiah', 'agencies.revised_rupiah') }} as decimal(9, 2))
            as revised_outturn_pct,
        cast(
            {{ percentage_of('abs(agencies.actual_rupiah - agencies.original_rupiah)', 'agencies.original_rupiah') }}
            as decimal(9, 2)
        ) as pi_1_deviation_pct,
        cast({{ percentage_of('compositions.shifted_rupiah', 'compositions.adjusted_rupiah') }} as decimal(9, 2))
            as pi_2_deviation_pct,
        agencies.withheld_reason
    from agencies
    left join compositions
        on
            agencies.agency_code = compositions.agency_code
            and agencies.fiscal_year = compositions.fiscal_year
),

-- The year and those before it.
windows as (
    select
        deviations.agency_code,
        deviations.fiscal_year,
        earlier.pi_1_deviation_pct,
        earlier.pi_2_deviation_pct,
        limits.limit_value as years_needed
    from deviations
    inner join {{ ref('analysis_limits') }} as limits on limits.limit_code = 'years_of_outturn'
    inner join deviations as earlier
        on
            deviations.agency_code = earlier.agency_code
            and deviations.fiscal_year - limits.limit_value < earlier.fiscal_year
            and deviations.fiscal_year >= earlier.fiscal_year
),

-- A grade needs two of the three years; D is what is left.
grades as (
    {%- for indicator in ['pi_1', 'pi_2'] %}
        select
            windows.agency_code,
            windows.fiscal_year,
            '{{ indicator }}' as indicator_code,
            grades.grade,
            count({{ indicator }}_deviation_pct) as years_known,
            max(windows.years_needed) as years_needed,
            count(
                case
                    when
                        windows.{{ indicator }}_deviation_pct < grades.max_deviation_pct
                        or (
                            grades.is_max_inclusive
                            and windows.{{ indicator }}_deviation_pct = grades.max_deviation_pct
                        )
                        then 1
                end
            ) as years_within
        from windows
        inner join {{ ref('outturn_grades') }} as grades on grades.indicator_code = '{{ indicator }}'
        group by windows.agency_code, windows.fiscal_year, grades.grade
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

best_grades as (
    select
        agency_code,
        fiscal_year,
        {%- for indicator in ['pi_1', 'pi_2'] %}
            case
                when min(case when indicator_code = '{{ indicator }}' then years_known end) >= max(years_needed)
                    then coalesce(
                        min(case when indicator_code = '{{ indicator }}' and years_within >= 2 then grade end), 'D'
                    )
            end as {{ indicator }}_grade,
        {%- endfor %}
        min(years_known) as years_known
    from grades
    group by agency_code, fiscal_year
)

select
    deviations.agency_code,
    deviations.fiscal_year,
    deviations.original_rupiah,
    deviations.revised_rupiah,
    deviations.actual_rupiah,
    deviations.outturn_pct,
    deviations.revised_outturn_pct,
    deviations.pi_1_deviation_pct,
    deviations.pi_2_deviation_pct,
    best_grades.years_known,
    best_grades.pi_1_grade,
    best_grades.pi_2_grade,
    coalesce(
        deviations.withheld_reason,
        case when best_grades.pi_1_grade is null or best_grades.pi_2_grade is null then 'fewer_than_three_years' end
    ) as withheld_reason,
    reasons.label_id as withheld_reason_id,
    reasons.label_en as withheld_reason_en
from deviations
inner join best_grades
    on
        deviations.agency_code = best_grades.agency_code
        and deviations.fiscal_year = best_grades.fiscal_year
left join {{ ref('withheld_reasons') }} as reasons
    on
        coalesce(
            deviations.withheld_reason,
            case when best_grades.pi_1_grade is null or best_grades.pi_2_grade is null then 'fewer_than_three_years' end
        )
        = reasons.reason_code
