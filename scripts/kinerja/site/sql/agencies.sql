-- One row per agency and fiscal year with a budget: its outturn, its lost lines, its narrative.
with lost as (
    select
        agency_code,
        fiscal_year,
        count(distinct line_code) as lines,
        count(distinct line_code) filter (year_withheld_reason is not null) as lost_lines
    from marts.budget_pace
    group by agency_code, fiscal_year
)

select
    agencies.agency_code,
    agencies.agency_name,
    agencies.region_code,
    regions.region_name,
    lost.fiscal_year,
    lost.lines,
    lost.lost_lines,
    outturn.original_rupiah,
    outturn.actual_rupiah,
    outturn.outturn_pct,
    outturn.pi_1_deviation_pct,
    outturn.pi_2_deviation_pct,
    outturn.withheld_reason_id,
    outturn.withheld_reason_en,
    narratives.narrative_id,
    narratives.narrative_en
from lost
inner join marts.agencies as agencies on lost.agency_code = agencies.agency_code
inner join marts.regions as regions on agencies.region_code = regions.region_code
left join marts.budget_outturn as outturn
    on lost.agency_code = outturn.agency_code and lost.fiscal_year = outturn.fiscal_year
left join marts.narratives as narratives
    on narratives.subject_kind = 'agency' and agencies.agency_code = narratives.subject_code
order by agencies.agency_code, lost.fiscal_year desc
