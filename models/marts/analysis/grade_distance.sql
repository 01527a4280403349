-- How far each total is from its next grade, what would carry it there, and whether its present grade is sure. A change
-- counts when the unrounded total reaches the first printed score of the grade: nothing is left to rounding.
with components as (
    select * from {{ ref('score_components') }}
    where component_depth = 0
),

totals as (
    select * from {{ ref('score_intervals') }}
    where
        component_depth = 0
        and score is not null
),

-- The first score of a band that can be printed.
bands as (
    select
        components.instrument,
        components.edition_year,
        bands.grade,
        bands.lower_bound,
        bands.is_lower_inclusive,
        components.printed_step * case
            when bands.is_lower_inclusive then ceil(bands.lower_bound * {{ steps_per_unit('components.printed_step') }})
            else floor(bands.lower_bound * {{ steps_per_unit('components.printed_step') }}) + 1
        end as first_score
    from {{ ref('grade_bands') }} as bands
    inner join components
        on
            bands.instrument = components.instrument
            and {{ holds_in('bands', 'components.edition_year') }}
),

printed_grades as (
    select distinct
        claims.document_id,
        claims.edition_year,
        claims.subject_code as region_code,
        claims.published_text as grade
    from {{ ref('reconciliation') }} as claims
    inner join {{ ref('documents') }} as documents on claims.document_id = documents.document_id
    inner join bands
        on
            documents.instrument = bands.instrument
            and claims.edition_year = bands.edition_year
            and claims.published_text = bands.grade
),

graded as (
    select
        totals.document_id,
        totals.instrument,
        totals.edition_year,
        totals.region_code,
        totals.score,
        {%- for name, score in {
            'grade': 'totals.score',
            'lowest_by_rounding': 'totals.rounding_low',
            'highest_by_rounding': 'totals.rounding_high',
            'lowest_by_dispute': 'totals.disputed_low',
            'highest_by_dispute': 'totals.disputed_high',
        }.items() %}
            {{ grade_of('bands', score) }} as {{ name }},
        {%- endfor %}
        min_by(bands.grade, bands.first_score) filter (where bands.first_score > totals.score) as next_grade,
        min(bands.first_score) filter (where bands.first_score > totals.score) as next_score
    from totals
    inner join bands
        on
            totals.instrument = bands.instrument
            and totals.edition_year = bands.edition_year
    group by
        totals.document_id, totals.instrument, totals.edition_year, totals.region_code, totals.score,
        totals.rounding_low, totals.rounding_high, totals.disputed_low, totals.disputed_high
),

-- In ten-thousandths of a point times the weight's part: whole numbers, so that nothing is rounded on the way.
inputs as (
    select
        contributions.document_id,
        contributions.edition_year,
        contributions.region_code,
        contributions.component_code,
        contributions.component_no,
        contributions.weight_part,
        {{ as_integer('contributions.score', 4) }} as points,
        greatest({{ as_integer('contributions.score_max - contributions.score', 4) }}, 0) as room,
        {{ as_integer('contributions.printed_step', 4) }} as step,
        sum(contributions.weight_part * {{ as_integer('contributions.score', 4) }}) over of_total as points_of_total,
        contributions.weight_whole,
        {{ as_integer('graded.next_score', 4) }} as points_wanted
    from {{ ref('score_contributions') }} as contributions
    inner join graded
        on
            contributions.document_id = graded.document_id
            and contributions.edition_year = graded.edition_year
            and contributions.region_code = graded.region_code
    where
        contributions.is_complete
        and contributions.weight_part > 0
    window of_total as (partition by contributions.document_id, contributions.edition_year, contributions.region_code)
),

lacking as (
    select
        *,
        cast(greatest(points_wanted * weight_whole - points_of_total, 0) as bigint) as points_lacking,
        sum(weight_part) over of_total as weight_of_total,
        -- Raised by the same number of points, components with little room reach their top first.
        coalesce(sum(weight_part * room) over before_it, 0) as filled_before,
        coalesce(sum(weight_part) over before_it, 0) as weight_before
    from inputs
    window
        of_total as (partition by document_id, edition_year, region_code),
        before_it as (
            partition by document_id, edition_year, region_code order by room, component_no
            rows between unbounded preceding and 1 preceding
        )
),

-- Changes in whole steps, rounded up.
changes as (
    select
        *,
        {{ whole_quotient('(points_lacking + weight_part * step - 1)', 'cast(weight_part * step as bigint)') }} * step
            as single_change,
        case
            when points_lacking - filled_before <= room * (weight_of_total - weight_before)
                then {{ whole_quotient(
                    'cast(points_lacking - filled_before + (weight_of_total - weight_before) * step - 1 as bigint)',
                    'cast((weight_of_total - weight_before) * step as bigint)'
                ) }} * step
        end as spread_change,
        points_of_total + weight_part * room as points_at_its_top
    from lacking
),

ordered_changes as (
    select
        *,
        row_number() over (
            partition by document_id, edition_year, region_code
            order by
                case when single_change <= room then 0 else 1 end asc, single_change asc, room desc, component_no asc
        ) as place
    from changes
),

cheapest_changes as (
    select
        document_id,
        edition_year,
        region_code,
        max(case when place = 1 and single_change <= room then component_code end) as single_component_code,
        max(case when place = 1 and single_change <= room then single_change end) as single_change,
        count(case when single_change <= room then component_code end) as components_sufficing,
        -- Counting more components as full than are makes it smaller.
        max(spread_change) as spread_change,
        {{ integer_quotient('cast(max(points_at_its_top) as bigint)', 'cast(10000 * max(weight_whole) as bigint)') }}
            as total_by_one
    from ordered_changes
    group by document_id, edition_year, region_code
),

-- The grade that one component alone can bring, at its top.
reached_by_one as (
    select
        cheapest.document_id,
        cheapest.edition_year,
        cheapest.region_code,
        {{ grade_of('bands', 'cheapest.total_by_one') }} as grade
    from cheapest_changes as cheapest
    inner join {{ ref('documents') }} as documents on cheapest.document_id = documents.document_id
    inner join bands
        on
            documents.instrument = bands.instrument
            and cheapest.edition_year = bands.edition_year
    group by cheapest.document_id, cheapest.edition_year, cheapest.region_code
)

select
    graded.document_id,
    graded.instrument,
    graded.edition_year,
    graded.region_code,
    graded.score,
    graded.grade,
    printed_grades.grade as grade_printed,
    graded.next_grade,
    cast(graded.next_score as decimal(9, 4)) as next_grade_from,
    cast(graded.next_score - graded.score as decimal(9, 4)) as points_missing,
    case when graded.next_grade is not null then cheapest.single_component_code end as single_component_code,
    cast(case when graded.next_grade is not null then cheapest.single_change end * 0.0001 as decimal(9, 4))
        as single_change,
    case when graded.next_grade is not null then cheapest.components_sufficing end as components_sufficing,
    cast(case when graded.next_grade is not null then cheapest.spread_change end * 0.0001 as decimal(9, 4))
        as spread_change,
    reached_by_one.grade as highest_grade_by_one,
    graded.lowest_by_dispute as grade_lowest,
    graded.highest_by_dispute as grade_highest,
    coalesce(graded.lowest_by_rounding, '') != coalesce(graded.highest_by_rounding, '') as is_open_by_rounding,
    coalesce(graded.lowest_by_dispute, '') != coalesce(graded.lowest_by_rounding, '')
    or coalesce(graded.highest_by_dispute, '') != coalesce(graded.highest_by_rounding, '') as is_open_by_dispute,
    coalesce(printed_grades.grade != graded.grade, false) as is_open_by_print,
    coalesce(graded.lowest_by_dispute, '') != coalesce(graded.highest_by_dispute, '')
    or coalesce(printed_grades.grade != graded.grade, false) as is_grade_open
from graded
left join printed_grades
    on
        graded.document_id = printed_grades.document_id
        and graded.edition_year = printed_grades.edition_year
        and graded.region_code = printed_grades.region_code
left join cheapest_changes as cheapest
    on
        graded.document_id = cheapest.document_id
        and graded.edition_year = cheapest.edition_year
        and graded.region_code = cheapest.region_code
left join reached_by_one
    on
        graded.document_id = reached_by_one.document_id
        and graded.edition_year = reached_by_one.edition_year
        and graded.region_code = reached_by_one.region_code
