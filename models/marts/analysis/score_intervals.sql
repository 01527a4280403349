-- What each published score may truly be. Rounding: half a step to either side. Dispute: where it cannot be what its
-- own components give, the published or the recomputed figure may be the true one, the latter with its bounds where
-- cells are lost. A score that is lost itself can be all that its components allow.
with components as (
    select * from {{ ref('score_components') }}
    -- Totals and what they are made of; deeper on demand.
    where component_depth <= {{ var('deepest_component', 1) }}
),

rounded as (
    select
        scores.document_id,
        scores.instrument,
        scores.edition_year,
        scores.region_code,
        scores.component_code,
        components.component_depth,
        scores.score_published as score,
        scores.score_recomputed,
        scores.score_low,
        scores.score_high,
        scores.verdict,
        scores.is_disputed,
        -- A figure from inputs that are missing or printed coarser does not contend with the published one.
        case when scores.verdict != 'within_bounds' then scores.score_recomputed end as score_rival,
        {{ interval_low('scores.score_published', half('components.printed_step'), 'components.score_min') }}
            as rounding_low,
        {{ interval_high('scores.score_published', half('components.printed_step'), 'components.score_max') }}
            as rounding_high
    from {{ ref('index_scores') }} as scores
    inner join components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
)

select
    {%- for side, outermost in {'low': 'least', 'high': 'greatest'}.items() %}
        cast(
            case
                when score is null then score_{{ side }}
                else {{ outermost }}(
                    rounding_{{ side }},
                    coalesce(score_rival, score),
                    case when is_disputed then coalesce(score_{{ side }}, score) else score end
                )
            end
            as decimal(18, 6)
        ) as disputed_{{ side }},
    {%- endfor %}
    document_id,
    instrument,
    edition_year,
    region_code,
    component_code,
    component_depth,
    score,
    score_recomputed,
    score_rival,
    verdict,
    is_disputed,
    cast(rounding_low as decimal(18, 6)) as rounding_low,
    cast(rounding_high as decimal(18, 6)) as rounding_high
from rounded
where
    score is not null
    or score_low is not null
