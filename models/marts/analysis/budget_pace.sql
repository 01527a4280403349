-- How fast each budget line is realized: against the reference pace, through the year, and at its end. A line that is
-- lost in a quarter has no total of the year; it keeps its row in that quarter, which says so.
with lines as (
    select * from {{ ref('budget_realization') }}
),

limits as (
    select
        max(case when limit_code = 'last_quarter_jump_pct' then limit_value end) as jump_pct,
        max(case when limit_code = 'years_of_own_curve' then limit_value end) as years_needed
    from {{ ref('analysis_limits') }}
),

forms as (
    select
        agency_code,
        fiscal_year,
        quarter,
        max(document_id) as document_id
    from lines
    group by agency_code, fiscal_year, quarter
),

-- One row per line of the year, as its last form prints it.
lines_of_year as (
    select
        agency_code,
        fiscal_year,
        line_code,
        max_by(parent_line_code, quarter) as parent_line_code,
        max_by(budget_level, quarter) as budget_level,
        max_by(line_name, quarter) as line_name,
        max_by(ceiling_rupiah, quarter) as ceiling_rupiah,
        count(*) as quarters_printed,
        max(quarter) as last_quarter,
        sum(realization_rupiah) as realization_rupiah,
        max(case when quarter = 4 then realization_rupiah end) as last_quarter_rupiah,
        -- Squares of quarters: four alike have a quarter of what one alone has.
        sum(cast(realization_rupiah as decimal(19, 0)) * cast(realization_rupiah as decimal(19, 0))) as squares
    from lines
    group by agency_code, fiscal_year, line_code
),

forms_of_year as (
    select
        agency_code,
        fiscal_year,
        count(*) as forms
    from forms
    group by agency_code, fiscal_year
),

-- A year is over with its fourth form.
years as (
    select
        lines_of_year.*,
        forms_of_year.forms,
        case
            when forms_of_year.forms < 4 then 'year_not_over'
            when lines_of_year.quarters_printed < 4 then 'quarter_lost'
        end as year_withheld_reason
    from lines_of_year
    inner join forms_of_year
        on
            lines_of_year.agency_code = forms_of_year.agency_code
            and lines_of_year.fiscal_year = forms_of_year.fiscal_year
),

totals_of_year as (
    select
        *,
        case when year_withheld_reason is null then realization_rupiah end as year_realization_rupiah,
        case when year_withheld_reason is null then ceiling_rupiah - realization_rupiah end as year_unspent_rupiah,
        case when year_withheld_reason is null then last_quarter_rupiah end as year_last_quarter_rupiah,
        case when year_withheld_reason is null and realization_rupiah > 0 then squares end as year_squares
    from years
),

agency_years as (
    select * from totals_of_year
    where line_code = '0'
),

-- By how much what an agency had realized by a quarter grew until the end of each complete earlier year.
own_curves as (
    select
        lines.agency_code,
        lines.fiscal_year,
        lines.quarter,
        cast(
            {{ exact_quotient('agency_years.year_realization_rupiah', 'lines.cumulative_realization_rupiah', 0) }}
            as decimal(19, 9)
        ) as growth
    from lines
    inner join agency_years
        on
            lines.agency_code = agency_years.agency_code
            and lines.fiscal_year = agency_years.fiscal_year
    where
        lines.line_code = '0'
        and agency_years.year_realization_rupiah is not null
        and lines.cumulative_realization_rupiah > 0
),

earlier_curves as (
    select
        forms.agency_code,
        forms.fiscal_year,
        forms.quarter,
        count(*) as years,
        min(own_curves.growth) as growth_low,
        max(own_curves.growth) as growth_high
    from forms
    inner join own_curves
        on
            forms.agency_code = own_curves.agency_code
            and forms.fiscal_year > own_curves.fiscal_year
            and forms.quarter = own_curves.quarter
    group by forms.agency_code, forms.fiscal_year, forms.quarter
),

paced as (
    select
        forms.document_id,
        years.agency_code,
        years.fiscal_year,
        forms.quarter,
        years.line_code,
        years.parent_line_code,
        years.budget_level,
        years.line_name,
        coalesce(lines.ceiling_rupiah, years.ceiling_rupiah) as ceiling_rupiah,
        lines.line_code is not null as is_printed_in_quarter,
        lines.realization_rupiah,
        lines.cumulative_realization_rupiah,
        lines.cumulative_realization_pct,
        pace.cumulative_pct as reference_pct,
        years.year_realization_rupiah,
        years.year_unspent_rupiah,
        years.year_last_quarter_rupiah,
        years.year_squares,
        years.year_withheld_reason,
        agency_years.year_unspent_rupiah as agency_unspent_rupiah,
        coalesce(earlier_curves.years, 0) as years_of_own_curve,
        earlier_curves.growth_low,
        earlier_curves.growth_high
    from totals_of_year as years
    inner join forms
        on
            years.agency_code = forms.agency_code
            and years.fiscal_year = forms.fiscal_year
    left join lines
        on
            years.agency_code = lines.agency_code
            and years.fiscal_year = lines.fiscal_year
            and years.line_code = lines.line_code
            and forms.quarter = lines.quarter
    left join {{ ref('reference_pace') }} as pace
        on
            forms.quarter = pace.quarter
            and {{ holds_in('pace', 'years.fiscal_year') }}
    left join agency_years
        on
            years.agency_code = agency_years.agency_code
            and years.fiscal_year = agency_years.fiscal_year
    left join earlier_curves
        on
            years.agency_code = earlier_curves.agency_code
            and years.fiscal_year = earlier_curves.fiscal_year
            and forms.quarter = earlier_curves.quarter
),

-- At the end of a year whose quarters are all printed the range has no width.
ranged as (
    select
        paced.*,
        limits.jump_pct,
        case
            when paced.cumulative_realization_rupiah is null then 'quarter_lost'
            when paced.quarter < 4 and paced.years_of_own_curve < limits.years_needed then 'history_too_short'
        end as year_end_withheld_reason
    from paced
    cross join limits
)

select
    ranged.document_id,
    ranged.agency_code,
    ranged.fiscal_year,
    ranged.quarter,
    ranged.line_code,
    ranged.parent_line_code,
    ranged.budget_level,
    ranged.line_name,
    ranged.is_printed_in_quarter,
    ranged.ceiling_rupiah,
    ranged.realization_rupiah,
    ranged.cumulative_realization_rupiah,
    ranged.cumulative_realization_pct,
    ranged.reference_pct,
    cast(ranged.cumulative_realization_pct - ranged.reference_pct as decimal(9, 2)) as ahead_of_pace_pct,
    ranged.years_of_own_curve,
    {%- for bound in ['low', 'high'] %}
        cast(
            case
                when ranged.year_end_withheld_reason is not null then null
                when ranged.quarter = 4 then ranged.cumulative_realization_rupiah
                -- No more than the ceiling can be spent.
                else least(ranged.cumulative_realization_rupiah * ranged.growth_{{ bound }}, ranged.ceiling_rupiah)
            end
            as decimal(18, 0)
        ) as year_end_{{ bound }}_rupiah,
    {%- endfor %}
    ranged.year_end_withheld_reason,
    cast(ranged.year_realization_rupiah as decimal(18, 0)) as year_realization_rupiah,
    cast({{ percentage_of('ranged.year_realization_rupiah', 'ranged.ceiling_rupiah') }} as decimal(9, 2))
        as year_realization_pct,
    cast(ranged.year_unspent_rupiah as decimal(18, 0)) as year_unspent_rupiah,
    cast({{ percentage_of('ranged.year_unspent_rupiah', 'ranged.agency_unspent_rupiah') }} as decimal(9, 2))
        as share_of_unspent_pct,
    cast({{ percentage_of('ranged.year_last_quarter_rupiah', 'ranged.year_realization_rupiah') }} as decimal(9, 2))
        as last_quarter_share_pct,
    {{ percentage_of('ranged.year_last_quarter_rupiah', 'ranged.year_realization_rupiah') }} >= ranged.jump_pct
        as jumps_in_last_quarter,
    cast(
        cast(ranged.year_squares as double)
        / (cast(ranged.year_realization_rupiah as double) * cast(ranged.year_realization_rupiah as double))
        as decimal(5, 4)
    ) as quarter_concentration,
    ranged.year_withheld_reason,
    reasons.label_id as year_withheld_reason_id,
    reasons.label_en as year_withheld_reason_en
from ranged
left join {{ ref('withheld_reasons') }} as reasons on ranged.year_withheld_reason = reasons.reason_code
