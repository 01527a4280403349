-- The budget of one agency as a tree, one row per line, the quarters side by side, whole rupiah; a line that is lost in a quarter has no total: budget_tree('15.71-sekretariat-daerah', 2024).
-- Anggaran satu perangkat daerah sebagai pohon, satu baris per baris anggaran, triwulan berdampingan; baris yang hilang pada suatu triwulan tidak berjumlah.
create macro budget_tree(agency, in_year) as table
with lines as (
    select
        *,
        -- Realized to date in the last quarter that there is a form of, or not known.
        if(quarter = max(quarter) over (), cumulative_realization_rupiah, null) as to_date_rupiah
    from marts.budget_realization
    where
        agency_code = agency
        and fiscal_year = in_year
        and (select bool_and(is_year_of_forms(agency, in_year)) from (values (1)))
)

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
    max(to_date_rupiah) as realized_rupiah,
    max(cumulative_realization_pct) filter (where to_date_rupiah is not null) as realized_pct,
    max(remaining_rupiah) filter (where to_date_rupiah is not null) as remaining_rupiah,
    arg_max(children_complete, quarter) as children_complete
from lines
group by line_code
-- "1.10" after "1.9".
order by list_transform(string_split(line_code, '.'), lambda part: cast(part as integer))
