-- Each printed cell that a rule rests on, the figure itself and what it is computed from, with the interval of values
-- that the cell could have, all others as printed, for the rule to hold. A rule is a quotient of sums of cells, so one
-- cell v enters it as (numerator + a·v) / (denominator + d·v): a linear inequality to each side.
-- Each claim is joined with its cells once; what there are most of, scores, pass by and are not held in memory.
{%- set claim = [
    'rule_id', 'column_no', 'row_no',
    'numerator_low', 'numerator_high', 'denominator_low', 'denominator_high', 'held_low', 'held_high', 'cap',
] %}

with components as (
    select * from {{ ref('int_index__components') }}
),

-- Factors of an index are hundred-millionths, in the numerator and in what it is divided by.
factors as (
    select
        instrument,
        edition_year,
        component_code,
        input_code,
        {{ as_integer('factor', 8) }} as factor,
        score_min,
        score_max,
        printed_step,
        effective_step
    from {{ ref('int_index__inputs') }}
    where aggregation != 'difference'
    union all
    select
        inputs.instrument,
        inputs.edition_year,
        differences.component_code,
        differences.input_code,
        cast(differences.factor as bigint) as factor,
        inputs.score_min,
        inputs.score_max,
        inputs.printed_step,
        inputs.effective_step
    from {{ ref('score_differences') }} as differences
    inner join components as inputs
        on
            differences.instrument = inputs.instrument
            and differences.input_code = inputs.component_code
            and {{ holds_in('differences', 'inputs.edition_year') }}
),

index_claims as (
    select
        claims.*,
        documents.instrument
    from {{ ref('int_diagnosis__claims') }} as claims
    inner join {{ ref('document_register') }} as documents on claims.document_id = documents.document_id
    where claims.stream = 'index'
),

index_inputs as (
    select
        {%- for column in claim %}
            claims.{{ column }},
        {%- endfor %}
        scores.document_id as cell_document_id,
        scores.table_id as cell_table_id,
        scores.row_no as cell_row_no,
        scores.column_name as cell_column_name,
        'input' as cell_role,
        scores.score_printed as printed,
        scores.score as value,
        factors.printed_step as step,
        {{ half('factors.effective_step') }} as half_step,
        factors.score_min,
        factors.score_max,
        factors.factor as numerator_factor,
        0 as denominator_factor
    from {{ ref('int_index__printed_scores') }} as scores
    inner join factors
        on
            scores.instrument = factors.instrument
            and scores.edition_year = factors.edition_year
            and scores.component_code = factors.input_code
    inner join index_claims as claims
        on
            scores.document_id = claims.document_id
            and scores.edition_year = claims.edition_year
            and scores.region_code = claims.subject_code
            and factors.instrument = claims.instrument
            and factors.component_code = claims.component_code
    where scores.score is not null
),

lines as (
    select
        {%- for amount in ['ceiling', 'realization'] %}
            {{ as_printed(amount ~ '_rupiah', 'coalesce(' ~ amount ~ '_step, 1)') }} as {{ amount }}_printed,
            {{ rupiah_half_step(amount ~ '_step') }} as {{ amount }}_half_step,
        {%- endfor %}
        *
    from {{ ref('int_budget__lines') }}
    where is_printed
),

amounts as (
    {%- for amount, denominator in {'ceiling': 1, 'realization': 0}.items() %}
        select
            document_id,
            table_id,
            row_no,
            '{{ amount }}_rupiah' as column_name,
            agency_code,
            fiscal_year,
            quarter,
            first_quarter,
            line_code,
            parent_line_code,
            {{ amount }}_printed as printed,
            {{ amount }}_rupiah as value,
            coalesce({{ amount }}_step, 1) as step,
            {{ amount }}_half_step as half_step,
            {{ 10000000 * (1 - denominator) }} as numerator_factor,
            {{ denominator }} as denominator_factor
        from lines
        where {{ amount }}_rupiah is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

budget_claims as (
    select
        claims.*,
        lines.agency_code,
        lines.fiscal_year,
        lines.line_code,
        lines.first_quarter
    from {{ ref('int_diagnosis__claims') }} as claims
    inner join lines
        on
            claims.document_id = lines.document_id
            and claims.row_no = lines.row_no
    where claims.stream = 'budget'
),

-- Of a percentage the two amounts of its line; of a sum the lines below; of a ceiling that of the first quarter.
budget_inputs as (
    {%- for claimed, joined in {
        "claims.component_code = 'realization_pct'":
            "claims.document_id = amounts.document_id and claims.row_no = amounts.row_no",
        "claims.rule_id = 'budget.constant_ceiling'":
            "claims.agency_code = amounts.agency_code and claims.fiscal_year = amounts.fiscal_year"
            ~ " and claims.first_quarter = amounts.quarter and claims.line_code = amounts.line_code"
            ~ " and claims.component_code = amounts.column_name",
        "claims.component_code != 'realization_pct' and claims.rule_id != 'budget.constant_ceiling'":
            "claims.document_id = amounts.document_id and claims.line_code = amounts.parent_line_code"
            ~ " and claims.component_code = amounts.column_name",
    }.items() %}
        {%- set is_quotient = loop.first %}
        select
            {%- for column in claim %}
                claims.{{ column }},
            {%- endfor %}
            amounts.document_id as cell_document_id,
            amounts.table_id as cell_table_id,
            amounts.row_no as cell_row_no,
            amounts.column_name as cell_column_name,
            'input' as cell_role,
            amounts.printed,
            amounts.value,
            amounts.step,
            amounts.half_step,
            null as score_min,
            null as score_max,
            {{ 'amounts.numerator_factor' if is_quotient else 1 }} as numerator_factor,
            {{ 'amounts.denominator_factor' if is_quotient else 0 }} as denominator_factor
        from budget_claims as claims
        inner join amounts on {{ joined }}
        where {{ claimed }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

target_claims as (
    select
        claims.*,
        targets.agency_code,
        targets.realization_printed,
        targets.realization,
        targets.target_printed,
        targets.target,
        targets.polarity
    from {{ ref('int_diagnosis__claims') }} as claims
    inner join {{ ref('int_target__achievements') }} as targets
        on
            claims.document_id = targets.document_id
            and claims.row_no = targets.row_no
    where claims.stream = 'target'
),

target_inputs as (
    {%- for figure in ['realization', 'target'] %}
        select
            {%- for column in claim %}
                claims.{{ column }},
            {%- endfor %}
            claims.document_id as cell_document_id,
            claims.table_id as cell_table_id,
            claims.row_no as cell_row_no,
            '{{ figure }}' as cell_column_name,
            'input' as cell_role,
            claims.{{ figure }}_printed as printed,
            claims.{{ figure }} as value,
            0.01 as step,
            0 as half_step,
            null as score_min,
            null as score_max,
            10000000 * formulas.{{ figure }}_in_numerator as numerator_factor,
            formulas.{{ figure }}_in_denominator as denominator_factor
        from target_claims as claims
        inner join {{ ref('achievement_formulas') }} as formulas on claims.polarity = formulas.polarity
        where claims.component_code = 'achievement_pct'
        union all
    {%- endfor %}
    select
        {%- for column in claim %}
            claims.{{ column }},
        {%- endfor %}
        scores.document_id as cell_document_id,
        scores.table_id as cell_table_id,
        scores.row_no as cell_row_no,
        scores.column_name as cell_column_name,
        'input' as cell_role,
        scores.score_printed as printed,
        scores.score as value,
        components.printed_step as step,
        0 as half_step,
        components.score_min,
        components.score_max,
        1 as numerator_factor,
        0 as denominator_factor
    from target_claims as claims
    inner join {{ ref('cross_checks') }} as checks on claims.rule_id = checks.rule_id
    inner join {{ ref('int_agencies__printed_names') }} as agencies on claims.agency_code = agencies.agency_code
    inner join components
        on
            checks.instrument = components.instrument
            and claims.edition_year + checks.edition_offset = components.edition_year
            and components.component_depth = 0
    inner join {{ ref('int_index__result_scores') }} as scores
        on
            components.instrument = scores.instrument
            and components.edition_year = scores.edition_year
            and components.component_code = scores.component_code
            and agencies.region_code = scores.region_code
    where scores.score is not null
),

-- A grade rests on its score, a place on its score and the one above, a scale on the score itself. Printed grades are
-- texts; what another grade would make of the rule, its band says.
category_inputs as (
    select
        {%- for column in claim %}
            claims.{{ column }},
        {%- endfor %}
        grades.document_id as cell_document_id,
        grades.score_table_id as cell_table_id,
        grades.score_row_no as cell_row_no,
        grades.score_column_name as cell_column_name,
        'input' as cell_role,
        grades.score_printed as printed,
        grades.score as value,
        components.printed_step as step,
        0 as half_step,
        null as score_min,
        null as score_max,
        1 as numerator_factor,
        0 as denominator_factor
    from {{ ref('int_diagnosis__claims') }} as claims
    inner join {{ ref('int_quality__category_claims') }} as grades on {{ same_rule('claims', 'grades') }}
    inner join components
        on
            grades.instrument = components.instrument
            and grades.edition_year = components.edition_year
            and grades.score_component_code = components.component_code
    where claims.stream = 'grade'
    {%- for side, factor in {'': -1, '_above': 1}.items() %}
        union all
        select
            {%- for column in claim %}
                claims.{{ column }},
            {%- endfor %}
            places.document_id as cell_document_id,
            places.table_id as cell_table_id,
            places.row_no{{ side }} as cell_row_no,
            places.column_name{{ side }} as cell_column_name,
            'input' as cell_role,
            places.score_printed{{ side }} as printed,
            places.score{{ side }} as value,
            places.printed_step as step,
            0 as half_step,
            null as score_min,
            null as score_max,
            {{ factor }} as numerator_factor,
            0 as denominator_factor
        from {{ ref('int_diagnosis__claims') }} as claims
        inner join {{ ref('int_diagnosis__places') }} as places
            on
                claims.document_id = places.document_id
                and claims.table_id = places.table_id
                and claims.row_no = places.row_no
        where claims.stream = 'place'
    {%- endfor %}
),

-- Figures that are numbers are cells of their own rules, and scores of their scale.
own_figures as (
    select
        {%- for column in claim %}
            claims.{{ column }},
        {%- endfor %}
        claims.column_no as cell_column_no,
        claims.row_no as cell_row_no,
        case when claims.stream = 'scale' then 'input' else 'result' end as cell_role,
        coalesce(claims.published_text, {{ as_printed('claims.published', 'claims.published_step') }}) as printed,
        claims.published as value,
        claims.published_step as step,
        case when claims.stream = 'scale' then 0 else {{ half('claims.published_step') }} end as half_step,
        components.score_min,
        components.score_max,
        case when claims.stream = 'scale' then 1 else 0 end as numerator_factor,
        0 as denominator_factor
    from {{ ref('int_diagnosis__claims') }} as claims
    left join {{ ref('document_register') }} as documents on claims.document_id = documents.document_id
    left join components
        on
            documents.instrument = components.instrument
            and claims.edition_year = components.edition_year
            and claims.component_code = components.component_code
    where claims.published is not null
),

inputs as (
    {%- for source in ['index_inputs', 'budget_inputs', 'target_inputs', 'category_inputs'] %}
        select * from {{ source }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

cells as (
    select
        {%- for column in claim %}
            inputs.{{ column }},
        {%- endfor %}
        columns.column_no as cell_column_no,
        inputs.cell_row_no,
        inputs.cell_role,
        inputs.printed,
        inputs.value,
        inputs.step,
        inputs.half_step,
        inputs.score_min,
        inputs.score_max,
        inputs.numerator_factor,
        inputs.denominator_factor
    from inputs
    left join {{ ref('int_diagnosis__columns') }} as columns
        on
            inputs.cell_document_id = columns.document_id
            and inputs.cell_table_id = columns.table_id
            and inputs.cell_column_name = columns.column_name
    union all
    select * from own_figures
),

in_points as (
    select
        {%- for column in claim if column != 'held_high' %}
            {{ column }},
        {%- endfor %}
        -- A figure printed as the cap stands for all above it.
        case when cap <= held_high then null else held_high end as held_high,
        cell_column_no,
        cell_row_no,
        cell_role,
        printed,
        value,
        step,
        {{ points('value') }} as value_points,
        {{ points('half_step') }} as half_step_points,
        {{ points('score_min') }} as min_points,
        {{ points('score_max') }} as max_points,
        cast(numerator_factor as decimal(38, 0)) as numerator_factor,
        cast(denominator_factor as decimal(38, 0)) as denominator_factor
    from cells
),

-- How far the numerator may rise and must at least be lifted, and what one point of the cell does to either.
slacks as (
    select
        *,
        {{ interval_low('value_points', 'half_step_points', 'min_points') }} as low_points,
        {{ interval_high('value_points', 'half_step_points', 'max_points') }} as high_points,
        held_high * denominator_high - numerator_low as room_above,
        held_low * denominator_low - numerator_high as lift_needed,
        numerator_factor - held_high * denominator_factor as pull_above,
        numerator_factor - held_low * denominator_factor as pull_below
    from in_points
),

-- Upper bounds are on the lower end of the cell's own interval, lower bounds on its upper end.
solved as (
    select
        *,
        case
            when cell_role = 'result'
                then least({{ quotient_below('numerator_high', 'denominator_low') }}, cap) + half_step_points
            else least(
                case when pull_above > 0 then low_points + {{ quotient_below('room_above', 'pull_above') }} end,
                case when pull_below < 0 then low_points + {{ quotient_below('lift_needed', 'pull_below') }} end
            )
        end as upper_points,
        case
            when cell_role = 'result'
                then least({{ quotient_above('numerator_low', 'denominator_high') }}, cap) - half_step_points
            else greatest(
                case when pull_above < 0 then high_points + {{ quotient_above('room_above', 'pull_above') }} end,
                case when pull_below > 0 then high_points + {{ quotient_above('lift_needed', 'pull_below') }} end
            )
        end as lower_points
    from slacks
),

-- Back through the interval that a figure stands for: half a step to either side, except beyond its scale.
ranges as (
    select
        *,
        case
            when cell_role = 'result' or upper_points < min_points then upper_points
            else upper_points + half_step_points
        end as to_points,
        case
            when cell_role = 'result' or lower_points > max_points then lower_points
            else lower_points - half_step_points
        end as from_points
    from solved
)

select
    rule_id,
    column_no,
    row_no,
    cell_column_no,
    cell_row_no,
    cell_role,
    printed,
    cast(value as decimal(18, 4)) as value,
    cast(step as decimal(14, 4)) as step,
    half_step_points,
    min_points,
    max_points,
    numerator_factor,
    denominator_factor,
    -- How strongly the cell weighs in the rule, beside its other cells.
    cast(case
        when cell_role = 'result' then -denominator_high
        else coalesce(pull_above, pull_below)
    end as double) as pull,
    cast(from_points * cast(0.00001 as decimal(5, 5)) as decimal(38, 5)) as holds_from,
    cast(to_points * cast(0.00001 as decimal(5, 5)) as decimal(38, 5)) as holds_to,
    -- Where the cell moves neither side, no value of it helps a broken rule.
    cell_role = 'result'
    or not (
        coalesce(pull_above = 0 and room_above < 0, false)
        or coalesce(pull_below = 0 and lift_needed > 0, false)
        or coalesce(cap < held_low, false)
    ) as can_hold
from ranges
