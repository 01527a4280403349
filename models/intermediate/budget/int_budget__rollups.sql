-- What the printed children of a line add up to in the four quarters of a year, and how far the true sums may be from
-- these: half a step of each amount that is printed in a unit of many rupiah.
select
    {%- for quarter in range(1, 5) %}
        {%- for amount in ['ceiling', 'realization'] %}
            cast(sum({{ amount }}_rupiah_{{ quarter }}) as decimal(18, 0))
                as children_{{ amount }}_rupiah_{{ quarter }},
            cast(sum({{ rupiah_half_step(amount ~ '_step_' ~ quarter) }}) as bigint)
                as children_{{ amount }}_half_steps_{{ quarter }},
        {%- endfor %}
        cast(sum(quarter_realization_rupiah_{{ quarter }}) as decimal(18, 0))
            as children_quarter_realization_rupiah_{{ quarter }},
    {%- endfor %}
    year_no,
    parent_line_no as line_no
from {{ ref('int_budget__line_years') }}
where parent_line_no is not null
group by year_no, parent_line_no
