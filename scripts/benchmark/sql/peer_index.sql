-- The index stream in one text for all engines: statements are apart by lines of dashes, results are the last three.
-- Small tables (small_tables.sql) are handed over; the rest is an engine's own work. Its dialect is one file beside
-- this one.
{% from dialect import matches, points_of, div, micro %}
{% macro points(text) %}
case when {{ matches(text, "^-?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]{1,4})?%?$") }} then {{ points_of("replace(replace(replace(" ~ text ~ ", '.', ''), ',', '.'), '%', '')") }} end
{%- endmacro %}
{% macro low(score, half, least_score) %}greatest({{ score }} - {{ half }}, least({{ least_score }}, {{ score }})){% endmacro %}
{% macro high(score, half, most) %}least({{ score }} + {{ half }}, greatest({{ most }}, {{ score }})){% endmacro %}
{% macro quotient(numerator, denominator) %}{{ micro(div("20 * " ~ numerator ~ " + " ~ denominator, "2 * " ~ denominator)) }}{% endmacro %}
{% macro verdict(step="step") %}
case
    when lowest_sum is null then 'not_computable'
    when complete and {{ div("2 * score_sum + divisor * step", "2 * divisor * step") }} * step = published then 'exact'
    when complete and 2 * low_sum <= divisor * (2 * published + step) and 2 * high_sum >= divisor * (2 * published - step)
        then 'within_rounding'
    when 2 * lowest_sum <= divisor * (2 * published + step) and 2 * highest_sum >= divisor * (2 * published - step)
        then 'within_bounds'
    else 'outside'
end
{% endmacro %}

sums:
select
    letter, row_no, dimension,
    count(*) as children,
    sum(score) as score_sum,
    sum({{ low("score", "printed_half", "score_min") }}) as low_sum,
    sum({{ high("score", "printed_half", "score_max") }}) as high_sum,
    sum({{ low("score", "half", "score_min") }} - score_min) as above_least,
    sum({{ high("score", "half", "score_max") }} - score_max) as above_most,
    max(case when is_previous then score end) as previous_score
from (
    select letter, row_no, dimension, is_previous, score_min, score_max, printed_half, half, {{ points("value") }} as score
    from smart_city__details as cells
    inner join known_columns as known
        on cells.document_id = known.document_id and cells.block_no = known.block_no and cells.column_no = known.column_no
    where is_placed
) as scored
where score is not null
group by letter, row_no, dimension
----
unplaced:
select
    letter, row_no, dimension,
    sum(case when from_lowest <= slots then 1 else 0 end) as children,
    sum(case when from_lowest <= slots then {{ low("score", "half", "score_min") }} - score_min else 0 end) as above_least,
    sum(case when from_highest <= slots then {{ high("score", "half", "score_max") }} - score_max else 0 end) as above_most
from (
    select
        *,
        row_number() over (partition by letter, block_no, row_no, dimension order by score, column_no) as from_lowest,
        row_number() over (partition by letter, block_no, row_no, dimension order by score desc, column_no) as from_highest
    from (
        select letter, slots.block_no as block_no, row_no, column_no, dimension, slots, score_min, score_max, half, {{ points("value") }} as score
        from smart_city__details as cells
        inner join slots on cells.document_id = slots.document_id and cells.block_no = slots.block_no
    ) as scored
    where score is not null
) as placed
group by letter, row_no, dimension
----
lines:
select
    letters.letter as letter, lines.document_id as document_id, edition_year, row_no, region_code,
    {% for dimension in dimensions %}
    {{ points(dimension) }} as {{ dimension }},
    case when {{ dimension }} in ({{ words }}) then true else false end as no_{{ dimension }},
    {% endfor %}
    {{ points("final_score") }} as total, {{ points("improvement") }} as improvement
from smart_city__results as lines
inner join letters on lines.document_id = letters.document_id
inner join names on lines.region_name = names.printed_name
where final_score is not null
----
decisions:
select
    letters.letter as letter, scores.document_id as document_id, edition_year, region_code,
    {% for unit in units %}
    {{ points(unit) }} as {{ unit }},
    case when {{ unit }} in ({{ words }}) then true else false end as no_{{ unit }},
    {% endfor %}
    {{ points("index_score") }} as total
from public_service__scores as scores
inner join letters on scores.document_id = letters.document_id
inner join names on scores.region_name = names.printed_name
----
dimensions:
select
    printed.document_id as document_id, printed.region_code as region_code, 'smart_city.dimension_average' as rule_id,
    printed.component_code as component_code, published, step,
    parents.children as divisor,
    case when sums.children = parents.children then true else false end as complete,
    score_sum, low_sum, high_sum,
    {% for end, scale in [("lowest", "least"), ("highest", "most")] %}
    case when sums.children is not null or unplaced.children is not null
        then coalesce(sums.above_{{ scale }}, 0) + coalesce(unplaced.above_{{ scale }}, 0) + parents.{{ scale }}
    end as {{ end }}_sum{{ "," if not loop.last }}
    {% endfor %}
from (
    {% for dimension in dimensions %}
    select letter, document_id, edition_year, row_no, region_code, '{{ dimension }}' as component_code, {{ dimension }} as published
    from lines where total is not null and {{ dimension }} is not null
    {{ "union all" if not loop.last }}
    {% endfor %}
) as printed
inner join parents on printed.edition_year = parents.edition_year and printed.component_code = parents.component_code
left join sums on printed.letter = sums.letter and printed.row_no = sums.row_no and parents.dimension = sums.dimension
left join unplaced on printed.letter = unplaced.letter and printed.row_no = unplaced.row_no and parents.dimension = unplaced.dimension
----
{% for instrument, relation, rule, columns in [("smart_city", "lines", "smart_city.weighted_final", dimensions), ("public_service", "decisions", "public_service.unit_mean", units)] %}
{{ instrument }}:
select
    document_id, region_code, '{{ rule }}' as rule_id, '{{ instrument }}' as component_code, total as published, step,
    {% for column in columns %}{{ "+ " if not loop.first }}case when no_{{ column }} then 0 else {{ column }}_factor end {% endfor %} as divisor,
    ({% for column in columns %}{{ "and " if not loop.first }}({{ column }} is not null or no_{{ column }}) {% endfor %})
    and coalesce({{ columns | join(", ") }}) is not null as complete,
    {% for column in columns %}{{ "+ " if not loop.first }}coalesce({{ column }} * {{ column }}_factor, 0) {% endfor %} as score_sum,
    {% for name, side, half, end in [("low", "low", "printed_half", "score_min"), ("high", "high", "printed_half", "score_max"), ("lowest", "low", "half", "score_min"), ("highest", "high", "half", "score_max")] %}
    case when coalesce({{ columns | join(", ") }}) is not null then
        {% for column in columns %}
        {{ "+ " if not loop.first }}{{ column }}_factor * case
            when {{ column }} is not null then {% if side == "low" %}{{ low(column, column ~ "_" ~ half, column ~ "_" ~ end) }}{% else %}{{ high(column, column ~ "_" ~ half, column ~ "_" ~ end) }}{% endif %}

            when no_{{ column }} then 0 else {{ column }}_{{ end }}
        end
        {% endfor %}
    end as {{ name }}_sum{{ "," if not loop.last }}
    {% endfor %}
from {{ relation }} as lines
inner join {{ instrument }}_kinds as kinds on lines.edition_year = kinds.edition_year
where total is not null
----
{% endfor %}
claims:
select
    rule_id, document_id, region_code, component_code,
    case when complete then {{ quotient("score_sum", "divisor") }} end as score_recomputed,
    {{ quotient("lowest_sum", "divisor") }} as score_low,
    {{ quotient("highest_sum", "divisor") }} as score_high,
    {{ verdict() }} as verdict
from (
    {% for one in ["dimensions", "smart_city", "public_service"] %}
    select rule_id, document_id, region_code, component_code, published, step, cast(divisor as bigint) as divisor, complete,
        score_sum, low_sum, high_sum, lowest_sum, highest_sum from {{ one }}
    {{ "union all" if not loop.last }}
    {% endfor %}
) as figures
----
totals:
select letter, document_id, totals.region_code as region_code, region_type, total, step
from (
    select letter, document_id, 'smart_city' as component_code, edition_year, region_code, total from lines
    union all
    select letter, document_id, 'public_service' as component_code, edition_year, region_code, total from decisions
) as totals
inner join steps on totals.component_code = steps.component_code and totals.edition_year = steps.edition_year
inner join regions on totals.region_code = regions.region_code
where total is not null
----
places:
select
    letter, peer_group, total,
    1 + coalesce(sum(regions) over (partition by letter, peer_group order by position_of range between unbounded preceding and 1 preceding), 0) as place,
    1 + coalesce(sum(regions) over (partition by letter, peer_group order by position_of range between unbounded preceding and 2000 preceding), 0) as place_best,
    sum(regions) over (partition by letter, peer_group)
    - coalesce(sum(regions) over (partition by letter, peer_group order by position_of range between 2000 following and unbounded following), 0) as place_worst
from (
    select letter, peer_group, total, -total as position_of, count(*) as regions
    from (
        select letter, 'all' as peer_group, total from totals
        union all
        select letter, region_type as peer_group, total from totals
    ) as grouped
    group by letter, peer_group, total
) as scores
----
finals:
select document_id, region_code, component_code, score_recomputed, score_low, score_high from claims
----
ranks:
{% for group in ["'all'", "region_type"] %}
select totals.document_id as document_id, totals.region_code as region_code, places.peer_group as peer_group,
    cast(place as bigint) as rank, cast(place_best as bigint) as rank_best, cast(place_worst as bigint) as rank_worst
from totals inner join places
    on totals.letter = places.letter and totals.total = places.total and {{ "places.peer_group = 'all'" if loop.first else "totals.region_type = places.peer_group" }}
{{ "union all" if not loop.last }}
{% endfor %}
----
verdicts:
select rule_id, document_id, region_code, component_code, verdict from claims
union all
select
    'smart_city.improvement' as rule_id, document_id, region_code, 'improvement' as component_code,
    case
        when previous_score is null then 'not_computable'
        when sign(difference) * {{ div("2 * abs(difference) + step", "2 * step") }} * step = improvement then 'exact'
        when 2 * abs(difference - improvement) <= 3 * step then 'within_rounding'
        else 'outside'
    end as verdict
from (
    select document_id, region_code, improvement, previous_score, total - previous_score as difference, step
    from lines
    left join (select letter, row_no, previous_score from sums where previous_score is not null) as previous
        on lines.letter = previous.letter and lines.row_no = previous.row_no
    inner join steps on steps.component_code = 'smart_city' and steps.edition_year = lines.edition_year
    where improvement is not null and total is not null
) as improvements
