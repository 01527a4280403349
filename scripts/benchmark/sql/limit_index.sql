-- The limit of the index stream: finals, ranks and verdicts straight from the printed cells.
-- Whole numbers throughout: scores in hundred-thousandths (half the finest step), weights in ten-thousandths. A cell's
-- text is parsed once per entry of its dictionary; cells are joined once, to the 232 columns of their document.

create temp macro points(printed) as case
    when regexp_full_match(printed, '-?(\d+|\d{1,3}(\.\d{3})+)(,\d{1,4})?%?')
        then cast(cast(replace(replace(replace(printed, '.', ''), ',', '.'), '%', '') as decimal(18, 5)) * 100000 as integer)
end;
-- The ends of the interval that a printed score stands for.
create temp macro low(score, half, least_score) as greatest(score - half, least(least_score, score));
create temp macro high(score, half, most) as least(score + half, greatest(most, score));
-- numerator / denominator in hundred-thousandths, rounded half-up to six decimals.
create temp macro quotient(numerator, denominator) as
    cast(((20 * numerator + denominator) // (2 * denominator)) * cast(0.000001 as decimal(7, 6)) as decimal(18, 6));
create temp macro verdict(published, step, score_sum, complete, low_sum, high_sum, lowest_sum, highest_sum, divisor) as case
    when lowest_sum is null then 'not_computable'
    when complete and (2 * score_sum + divisor * step) // (2 * divisor * step) * step = published then 'exact'
    when complete and 2 * low_sum <= divisor * (2 * published + step) and 2 * high_sum >= divisor * (2 * published - step)
        then 'within_rounding'
    when 2 * lowest_sum <= divisor * (2 * published + step) and 2 * highest_sum >= divisor * (2 * published - step)
        then 'within_bounds'
    else 'outside'
end;

{% include 'small_tables.sql' %}

-- The one pass over the cells. What a printed score may have lost below and gained above it is a few thousand at most
-- in each group: both add up in one number.
create temp table sums as
select
    letter, row_no, dimension,
    count(*) as children,
    cast(sum(score) as bigint) as score_sum,
    cast(sum(score - low(score, printed_half, score_min) + 16777216::bigint * (high(score, printed_half, score_max) - score)) as bigint) as rounding,
    cast(sum(low(score, half, score_min) - score_min) as bigint) as above_least,
    cast(sum(high(score, half, score_max) - score_max) as bigint) as above_most,
    max(case when is_previous then score end) as previous_score
from (
    select document_id, block_no, column_no, row_no, points(value) as score from smart_city__details
) as cells
inner join known_columns using (document_id, block_no, column_no)
where is_placed and score is not null
group by letter, row_no, dimension;

-- A block with one value more than headings: its m lowest and m highest values bound the dimension of its m columns.
create temp table unplaced as
with cells as (
    select document_id, block_no, row_no, list_sort(list(points(value)) filter (points(value) is not null)) as scores
    from smart_city__details semi join slots using (document_id, block_no)
    group by all
),
ends as (
    select slots.*, row_no, scores[1:slots] as lowest, scores[greatest(len(scores) - slots + 1, 1):] as highest
    from cells inner join slots using (document_id, block_no)
)
select
    letter, row_no, dimension,
    sum(len(lowest)) as children,
    cast(sum(list_sum([low(score, half, score_min) - score_min for score in lowest])) as bigint) as above_least,
    cast(sum(list_sum([high(score, half, score_max) - score_max for score in highest])) as bigint) as above_most
from ends
group by all;

create temp table lines as
select
    letter, document_id, edition_year, row_no, region_code,
    {% for dimension in dimensions %}
    points({{ dimension }}) as {{ dimension }}, {{ dimension }} in (select printed_text from printed_words) as no_{{ dimension }},
    {% endfor %}
    points(final_score) as total, points(improvement) as improvement
from smart_city__results
inner join letters using (document_id)
inner join region_names on region_name = printed_name
where final_score is not null;

create temp table decisions as
select
    letter, document_id, edition_year, region_code,
    {% for unit in units %}
    points({{ unit }}) as {{ unit }}, {{ unit }} in (select printed_text from printed_words) as no_{{ unit }},
    {% endfor %}
    points(index_score) as total
from public_service__scores
inner join letters using (document_id)
inner join region_names on region_name = printed_name;

-- Published figures with what their rule gives: dimensions from the sums, totals from the figures of their own line.
create temp table claims as
with printed as (
    {% for dimension in dimensions %}
    select letter, document_id, edition_year, row_no, region_code, '{{ dimension }}' as component_code, {{ dimension }} as published
    from lines where total is not null and {{ dimension }} is not null
    {{ "union all" if not loop.last }}
    {% endfor %}
),
dimensions as (
    select
        document_id, region_code, 'smart_city.dimension_average' as rule_id, component_code, published, step,
        parents.children as divisor,
        coalesce(sums.children = parents.children, false) as complete,
        score_sum,
        score_sum - rounding % 16777216 as low_sum,
        score_sum + rounding // 16777216 as high_sum,
        -- Its whole scale for each indicator that is not printed.
        {% for end, scale in [("lowest", "least"), ("highest", "most")] %}
        case when sums.children is not null or unplaced.children is not null
            then coalesce(sums.above_{{ scale }}, 0) + coalesce(unplaced.above_{{ scale }}, 0) + {{ scale }}
        end as {{ end }}_sum{{ "," if not loop.last }}
        {% endfor %}
    from printed
    inner join parents using (edition_year, component_code)
    left join sums using (letter, row_no, dimension)
    left join unplaced using (letter, row_no, dimension)
),
{% set totals = {"smart_city": ("lines", "smart_city.weighted_final", dimensions), "public_service": ("decisions", "public_service.unit_mean", units)} %}
{% for instrument, (relation, rule, columns) in totals.items() %}
{{ instrument }} as (
    select
        document_id, region_code, '{{ rule }}' as rule_id, '{{ instrument }}' as component_code, total as published, step,
        {% for column in columns %}{{ "+ " if not loop.first }}case when coalesce(no_{{ column }}, false) then 0 else {{ column }}_factor end {% endfor %} as divisor,
        {% for column in columns %}{{ "and " if not loop.first }}({{ column }} is not null or coalesce(no_{{ column }}, false)) {% endfor %} and divisor > 0 as complete,
        {% for column in columns %}{{ "+ " if not loop.first }}coalesce({{ column }} * {{ column }}_factor, 0) {% endfor %} as score_sum,
        {% for name, side, half, end in [("low", "low", "printed_half", "score_min"), ("high", "high", "printed_half", "score_max"), ("lowest", "low", "half", "score_min"), ("highest", "high", "half", "score_max")] %}
        case when coalesce({{ columns | join(", ") }}) is not null then
            {% for column in columns %}
            {{ "+ " if not loop.first }}{{ column }}_factor * case
                when {{ column }} is not null then {{ side }}({{ column }}, {{ column }}_{{ half }}, {{ column }}_{{ end }})
                when coalesce(no_{{ column }}, false) then 0 else {{ column }}_{{ end }}
            end
            {% endfor %}
        end as {{ name }}_sum{{ "," if not loop.last }}
        {% endfor %}
    from {{ relation }} inner join {{ instrument }}_kinds using (edition_year)
    where total is not null
),
{% endfor %}
figures as (
    from dimensions
    {% for instrument in totals %}
    union all
    from {{ instrument }}
    {% endfor %}
)
select
    rule_id, document_id, region_code, component_code,
    case when complete then quotient(score_sum, divisor) end as score_recomputed,
    quotient(lowest_sum, divisor) as score_low,
    quotient(highest_sum, divisor) as score_high,
    verdict(published, step, score_sum, complete, low_sum, high_sum, lowest_sum, highest_sum, divisor) as verdict
from figures;

create table finals as
select document_id, region_code, component_code, score_recomputed, score_low, score_high from claims;

-- Regions with the same score rank alike: ranks are found for the few hundred different scores of a list.
create table ranks as
with totals as (
    select letter, document_id, region_code, region_type, total, 2 * step as two_steps
    from (
        select letter, document_id, 'smart_city' as component_code, edition_year, region_code, total from lines
        union all
        select letter, document_id, 'public_service', edition_year, region_code, total from decisions
    )
    inner join steps using (component_code, edition_year)
    inner join official_regions using (region_code)
    where total is not null
),
scores as (
    select letter, total, two_steps, peer_group, count(*) as regions
    from totals, (values (true), (false)) as groups(is_all), lateral (select case when is_all then 'all' else region_type end as peer_group)
    group by all
),
places as (
    select
        letter, peer_group, total,
        cast(1 + coalesce(sum(regions) over (best_first rows between unbounded preceding and 1 preceding), 0) as bigint) as rank,
        cast(1 + coalesce(sum(regions) over (best_first range between unbounded preceding and two_steps preceding), 0) as bigint) as rank_best,
        cast(sum(regions) over (partition by letter, peer_group)
        - coalesce(sum(regions) over (best_first range between two_steps following and unbounded following), 0) as bigint) as rank_worst
    from scores
    window best_first as (partition by letter, peer_group order by total desc)
)
{% for group in ["'all'", "region_type"] %}
select document_id, region_code, {{ group }} as peer_group, rank, rank_best, rank_worst
from totals inner join places on totals.letter = places.letter and totals.total = places.total and places.peer_group = {{ group }}
{{ "union all" if not loop.last }}
{% endfor %};

create table verdicts as
select rule_id, document_id, region_code, component_code, verdict from claims
union all
select
    'smart_city.improvement', document_id, region_code, 'improvement',
    case
        when previous_score is null then 'not_computable'
        when sign(difference) * ((2 * abs(difference) + step) // (2 * step)) * step = improvement then 'exact'
        when 2 * abs(difference - improvement) <= 3 * step then 'within_rounding'
        else 'outside'
    end
from (
    select document_id, region_code, improvement, previous_score, total - previous_score as difference, step
    from lines
    left join (select letter, row_no, previous_score from sums where previous_score is not null) using (letter, row_no)
    inner join (select edition_year, step from steps where component_code = 'smart_city') using (edition_year)
    where improvement is not null and total is not null
);
