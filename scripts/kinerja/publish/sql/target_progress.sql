-- Targets of one agency: printed and recomputed achievement per indicator and quarter in which something was realized: target_progress('15.71-sekretariat-daerah', 2024).
-- Target satu perangkat daerah: capaian tercetak dan hasil hitung ulang per indikator dan triwulan.
create macro target_progress(agency, in_year) as table
select
    indicator_code,
    indicator_name,
    quarter,
    target,
    realization,
    achievement_pct_published,
    achievement_pct,
    is_capped,
    polarity,
    document_id,
    source_line
from marts.target_achievement
where
    agency_code = agency
    and fiscal_year = in_year
    and realization is not null
    and (select bool_and(is_year_of_forms(agency, in_year)) from (values (1)))
order by indicator_code, quarter
