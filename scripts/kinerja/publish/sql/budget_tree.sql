-- The budget of one agency as a tree, one row per line, the quarters side by side, whole rupiah: budget_tree('15.71-sekretariat-daerah', 2024).
-- Anggaran satu perangkat daerah sebagai pohon, satu baris per baris anggaran, triwulan berdampingan.
create macro budget_tree(agency, in_year) as table
select
    line_code,
    repeat('    ', len(line_code) - len(replace(line_code, '.', '')) + if(line_code = '0', 0, 1))
    || arg_max(line_name, quarter) as line,
    any_value(budget_level) as budget_level,
    arg_max(ceiling_rupiah, quarter) as ceiling_rupiah,
    max(realization_rupiah) filter (where quarter = 1) as q1_rupiah,
    max(realization_rupiah) filter (where quarter = 2) as q2_rupiah,
    max(realization_rupiah) filter (where quarter = 3) as q3_rupiah,
    max(realization_rupiah) filter (where quarter = 4) as q4_rupiah,
    max(quarter) filter (where cumulative_realization_rupiah is not null) as realized_through_quarter,
    arg_max(cumulative_realization_rupiah, quarter) as realized_rupiah,
    arg_max(cumulative_realization_pct, quarter) as realized_pct,
    arg_max(remaining_rupiah, quarter) as remaining_rupiah,
    arg_max(children_complete, quarter) as children_complete
from marts.budget_realization
where
    agency_code = agency
    and fiscal_year = in_year
    and (select bool_and(is_agency(agency)) from (values (1)))
group by line_code
-- "1.10" after "1.9".
order by list_transform(string_split(line_code, '.'), lambda part: cast(part as integer))
