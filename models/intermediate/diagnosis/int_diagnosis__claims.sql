-- Every rule that can be computed on a published figure, in one form: a quotient of two sums of printed cells, each
-- with its bounds at effective precision, must meet the interval that the published figure stands for. A figure stands
-- for half a step to either side, a grade for its band, a place in a list for a score no greater than the one above,
-- any score for its scale. In points (hundred-thousandths), whole numbers that add up and compare exactly.
-- A percentage is a quotient of two cells, 100 times; every other claim on amounts is a sum.
{%- set figure = [
    'rule_id', 'document_id', 'table_id', 'row_no', 'column_name', 'edition_year', 'subject_code', 'component_code',
    'published_text', 'published', 'published_step',
] %}

with budget_claims as (
    select
        {%- for column in figure %}
            claims.{{ column }},
        {%- endfor %}
        case
            when claims.component_code = 'realization_pct'
                then
                    10000000 * (
                        {{ points('lines.realization_rupiah') }}
                        - {{ points(rupiah_half_step('lines.realization_step')) }}
                    )
            else {{ points('claims.effective_low') }}
        end as numerator_low,
        case
            when claims.component_code = 'realization_pct'
                then
                    10000000 * (
                        {{ points('lines.realization_rupiah') }}
                        + {{ points(rupiah_half_step('lines.realization_step')) }}
                    )
            else {{ points('claims.effective_high') }}
        end as numerator_high,
        case
            when claims.component_code = 'realization_pct'
                then {{ points('lines.ceiling_rupiah') }} - {{ points(rupiah_half_step('lines.ceiling_step')) }}
            else 1
        end as denominator_low,
        case
            when claims.component_code = 'realization_pct'
                then {{ points('lines.ceiling_rupiah') }} + {{ points(rupiah_half_step('lines.ceiling_step')) }}
            else 1
        end as denominator_high
    from {{ ref('int_quality__budget_claims') }} as claims
    inner join {{ ref('int_budget__lines') }} as lines
        on
            claims.document_id = lines.document_id
            and claims.row_no = lines.row_no
    where
        claims.effective_low is not null
        and claims.published is not null
),

target_claims as (
    select
        {%- for column in figure if column != 'published_text' %}
            claims.{{ column }},
        {%- endfor %}
        coalesce(
            claims.published_text,
            case claims.column_name
                when 'target' then targets.target_printed
                when 'realization' then targets.realization_printed
            end
        ) as published_text,
        case
            when formulas.polarity is null then {{ points('claims.effective_low') }}
            else
                10000000 * (
                    formulas.realization_in_numerator * {{ points('targets.realization') }}
                    + formulas.target_in_numerator * {{ points('targets.target') }}
                )
        end as numerator,
        case
            when formulas.polarity is null then 1
            else
                formulas.realization_in_denominator * {{ points('targets.realization') }}
                + formulas.target_in_denominator * {{ points('targets.target') }}
        end as denominator,
        case when formulas.polarity is not null then targets.cap_pct end as cap
    from {{ ref('int_quality__target_claims') }} as claims
    inner join {{ ref('int_target__achievements') }} as targets
        on
            claims.document_id = targets.document_id
            and claims.row_no = targets.row_no
    left join {{ ref('achievement_formulas') }} as formulas
        on
            targets.polarity = formulas.polarity
            and claims.component_code = 'achievement_pct'
    where claims.effective_low is not null
),

numbers as (
    {%- for stream, claims, numerator, denominator, cap in [
        (
            'index', ref('int_quality__index_claims'),
            ['numerator_low', 'numerator_high'], ['denominator', 'denominator'], 'null',
        ),
        (
            'budget', 'budget_claims',
            ['numerator_low', 'numerator_high'], ['denominator_low', 'denominator_high'], 'null',
        ),
        ('target', 'target_claims', ['numerator', 'numerator'], ['denominator', 'denominator'], 'cap'),
    ] %}
        select
            {%- for column in figure %}
                {{ column }},
            {%- endfor %}
            '{{ stream }}' as stream,
            {{ numerator[0] }} as numerator_low,
            {{ numerator[1] }} as numerator_high,
            {{ denominator[0] }} as denominator_low,
            {{ denominator[1] }} as denominator_high,
            cast({{ cap }} as decimal(18, 4)) as cap
        from {{ claims }}
        {%- if stream == 'index' %}
            where numerator_low is not null
        {%- endif %}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

editions as (
    select distinct
        instrument,
        edition_year
    from {{ ref('int_quality__category_claims') }}
    where score is not null
),

-- From its lower bound to where the next band begins.
bands as (
    select
        bands.instrument,
        editions.edition_year,
        bands.grade,
        {{ points('bands.lower_bound') }} + case when bands.is_lower_inclusive then 0 else 1 end as held_low,
        {{ points('lead(bands.lower_bound) over higher') }}
        - case when lead(bands.is_lower_inclusive) over higher then 1 else 0 end as held_high
    from {{ ref('grade_bands') }} as bands
    inner join editions
        on
            bands.instrument = editions.instrument
            and {{ holds_in('bands', 'editions.edition_year') }}
    window higher as (partition by bands.instrument, editions.edition_year order by bands.lower_bound)
),

grades as (
    select
        {%- for column in figure if column not in ['published', 'published_step'] %}
            claims.{{ column }},
        {%- endfor %}
        cast(null as decimal(18, 4)) as published,
        cast(null as decimal(14, 4)) as published_step,
        'grade' as stream,
        {{ points('claims.score') }} as numerator,
        bands.held_low,
        bands.held_high
    from {{ ref('int_quality__category_claims') }} as claims
    inner join bands
        on
            claims.instrument = bands.instrument
            and claims.edition_year = bands.edition_year
            and claims.published_text = bands.grade
),

ordered as (
    select
        {%- for column in figure if column not in ['published', 'published_step'] %}
            claims.{{ column }},
        {%- endfor %}
        cast(null as decimal(18, 4)) as published,
        cast(null as decimal(14, 4)) as published_step,
        'place' as stream,
        {{ points('places.score_above') }} - {{ points('places.score') }} as numerator,
        cast(0 as decimal(38, 0)) as held_low,
        cast(null as decimal(38, 0)) as held_high
    from {{ ref('int_quality__category_claims') }} as claims
    inner join {{ ref('int_diagnosis__places') }} as places
        on
            claims.document_id = places.document_id
            and claims.table_id = places.table_id
            and claims.row_no = places.row_no
            and claims.column_name = 'row_no'
    where places.score_above is not null
),

scales as (
    select
        rules.rule_id,
        scores.document_id,
        scores.table_id,
        scores.row_no,
        scores.column_name,
        scores.edition_year,
        scores.region_code as subject_code,
        scores.component_code,
        scores.score_printed as published_text,
        scores.score as published,
        components.printed_step as published_step,
        'scale' as stream,
        {{ points('scores.score') }} as numerator,
        {{ points('components.score_min') }} as held_low,
        {{ points('components.score_max') }} as held_high
    from {{ ref('int_index__printed_scores') }} as scores
    inner join {{ ref('int_index__components') }} as components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    inner join {{ ref('rules') }} as rules on rules.checked_by = 'scale'
    where
        scores.score is not null
        and components.score_min is not null
),

categories as (
    select * from grades
    union all
    select * from ordered
    union all
    select * from scales
),

claims as (
    select
        {%- for column in figure %}
            {{ column }},
        {%- endfor %}
        stream,
        numerator_low,
        numerator_high,
        denominator_low,
        denominator_high,
        -- Half a step less than trillions has no room in the type of both.
        {{ points('published') }} - {{ points(half('published_step')) }} as held_low,
        {{ points('published') }} + {{ points(half('published_step')) }} as held_high,
        -- What an achievement is printed as when the quotient lies above.
        {{ points('cap') }} as cap
    from numbers
    union all
    select
        {%- for column in figure %}
            {{ column }},
        {%- endfor %}
        stream,
        numerator as numerator_low,
        numerator as numerator_high,
        1 as denominator_low,
        1 as denominator_high,
        held_low,
        held_high,
        null as cap
    from categories
)

select
    claims.*,
    columns.column_no
from claims
left join {{ ref('int_diagnosis__columns') }} as columns on {{ same_column('claims', 'columns') }}
