-- Weights that might have been chosen: Dirichlet draws around the official ones. A Dirichlet draw is a set of
-- independent gamma numbers divided by their sum; a gamma number is made of a normal and a uniform one (Marsaglia and
-- Tsang, 2000), which are made of digests of what they are for, so that any engine draws the same.
{%- set attempts = 6 %}

with inputs as (
    select distinct
        instrument,
        edition_year,
        component_code,
        component_no,
        components,
        weight_official
    from {{ ref('score_contributions') }}
),

doubted as (
    select
        inputs.*,
        uncertainty.draws,
        uncertainty.concentration,
        uncertainty.seed,
        cast(uncertainty.concentration * inputs.weight_official as double) as shape
    from inputs
    inner join {{ ref('weight_uncertainty') }} as uncertainty
        on
            inputs.instrument = uncertainty.instrument
            and {{ holds_in('uncertainty', 'inputs.edition_year') }}
),

draws as (
    select
        *,
        {{ each_number_to('draws') }} as draw_no
    from doubted
    where
        shape >= 1
        or {{ stop_with(
            "concat_ws('', 'seeds/reference/weight_uncertainty.csv: ', instrument, ': concentration ', concentration, "
            ~ "' times the weight ', weight_official, ' of ', component_code, ' must be at least 1')"
        ) }} is null
),

digests as (
    select
        draws.instrument,
        draws.edition_year,
        draws.component_code,
        draws.component_no,
        draws.draw_no,
        attempts.attempt_no,
        draws.shape - 1e0 / 3 as d,
        md5(concat_ws(
            '/',
            draws.seed, draws.instrument, draws.edition_year, draws.component_code, draws.draw_no, attempts.attempt_no
        )) as digest
    from draws
    cross join {{ numbers_to(attempts) }} as attempts (attempt_no)
),

-- Box and Muller: a normal number from two uniform ones.
proposals as (
    select
        *,
        sqrt(-2e0 * ln({{ uniform_number('digest', 1) }})) * cos(2e0 * pi() * {{ uniform_number('digest', 2) }}) as x,
        {{ uniform_number('digest', 3) }} as u
    from digests
),

roots as (
    select
        *,
        1e0 + x / sqrt(9e0 * d) as root
    from proposals
),

-- Whole millionths from here on, so that engines whose logarithms differ in the last bit agree.
gammas as (
    select
        instrument,
        edition_year,
        component_code,
        component_no,
        draw_no,
        min_by(cast(floor(1000000e0 * d * root * root * root) as bigint), attempt_no) as gamma
    from roots
    where
        root > 0
        and ln(u) < x * x / 2e0 + d - d * root * root * root + 3e0 * d * ln(case when root > 0 then root else 1e0 end)
    group by instrument, edition_year, component_code, component_no, draw_no
),

cumulated as (
    select
        *,
        sum(gamma) over (partition by instrument, edition_year, draw_no) as gamma_sum,
        sum(gamma) over (
            partition by instrument, edition_year, draw_no
            order by component_no rows between unbounded preceding and current row
        ) as gamma_to_here
    from gammas
)

-- Shares of the cumulated sums, so that the weights of a draw sum to exactly 1.
select
    instrument,
    edition_year,
    cast(draw_no as integer) as draw_no,
    component_code,
    component_no,
    cast(gamma * cast(0.000001 as decimal(6, 6)) as decimal(18, 6)) as gamma,
    cast(
        (
            {{ whole_quotient('cast(1000000 * gamma_to_here as bigint)', 'cast(gamma_sum as bigint)') }}
            - {{ whole_quotient('cast(1000000 * (gamma_to_here - gamma) as bigint)', 'cast(gamma_sum as bigint)') }}
        ) * cast(0.000001 as decimal(6, 6))
        as decimal(7, 6)
    ) as weight
from cumulated
