-- The limit of the index stream: finals, ranks and verdicts straight from the printed cells.
-- Whole numbers throughout: scores in hundred-thousandths (half the finest step), weights in ten-thousandths. A cell's
-- text is parsed once per entry of its dictionary; cells are joined once, to the 232 columns of their document.

create temp macro points(printed) as case
    when regexp_full_match(printed, '-?(\d+|\d{1,3}(\.\d{3})+)(,\d{1,4})?%?')
        then cast(cast(replace(replace(replace(printed, '.', ''), ',', '.'), '%', '') as decimal(18, 5)) * 100000 as bigint)
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

create temp table tree as
select
    editions.*,
    trees.component_code,
    trees.parent_code,
    trees.component_level,
    trees.sort_order,
    cast(coalesce(trees.weight, 1) * 10000 as bigint) as factor,
    cast(trees.score_min * 100000 as bigint) as score_min,
    cast(trees.score_max * 100000 as bigint) as score_max,
    cast(trees.printed_step * 100000 as bigint) as step,
    cast(trees.effective_step * 50000 as bigint) as half
from (select distinct instrument, edition_year from document_register) as editions
inner join score_trees as trees
    on editions.instrument = trees.instrument
    and editions.edition_year between trees.valid_from and coalesce(trees.valid_to, 9999);

create temp table letters as
select row_number() over (order by document_id) as letter, document_id, edition_year
from document_register where instrument = 'smart_city';

-- Where a block of the detail table stands among the columns: where all its headings fit, by name if in several places.
create temp table blocks as
with columns as (
    select letters.letter, letters.document_id, letters.edition_year, block_no, column_no, lower(group_heading) as over, lower(heading) as heading
    from smart_city__detail_columns inner join letters using (document_id)
),
known as (
    select position, lower(group_heading) as over, lower(heading) as heading, component_code, valid_from, coalesce(valid_to, 9999) as valid_to
    from detail_headings where instrument = 'smart_city'
),
whole as (
    select letter, document_id, edition_year, block_no, count(*) as width, count(heading) as headed, string_agg(over, ' ' order by column_no) as over
    from columns group by all
),
fits as (
    select letter, block_no, known.position - columns.column_no as columns_before, count(*) as headed
    from columns inner join known on starts_with(columns.heading, known.heading) and edition_year between valid_from and valid_to
    group by all
),
named as (
    select whole.letter, whole.block_no, columns_before, count(*) filter (contains(whole.over, known.over)) as names
    from fits
    inner join whole using (letter, block_no, headed)
    inner join known
        on known.position between columns_before + 1 and columns_before + headed and edition_year between valid_from and valid_to
    group by all
)
select whole.*, columns_before, width = headed as is_placed
from whole
inner join (
    from named
    qualify rank() over (partition by letter, block_no order by names desc) = 1
    and count(*) over (partition by letter, block_no, names) = 1
) as named using (letter, block_no);

-- What each printed column says about its dimension.
create temp table known_columns as
select
    blocks.letter, blocks.document_id, blocks.block_no, blocks.is_placed,
    known.position - blocks.columns_before as column_no,
    parents.sort_order as dimension, tree.component_code = 'baseline_01' as is_previous,
    tree.score_min, tree.score_max, tree.step // 2 as printed_half, tree.half
from blocks
inner join detail_headings as known
    on known.position between blocks.columns_before + 1 and blocks.columns_before + blocks.headed
    and known.instrument = 'smart_city'
    and blocks.edition_year between known.valid_from and coalesce(known.valid_to, 9999)
inner join tree on tree.instrument = 'smart_city' and tree.edition_year = blocks.edition_year and tree.component_code = known.component_code
inner join tree as parents
    on parents.instrument = 'smart_city' and parents.edition_year = blocks.edition_year and parents.component_code = tree.parent_code;

-- The one pass over the cells.
create temp table sums as
select
    letter, row_no, dimension,
    count(*) as children,
    sum(score) as score_sum,
    sum(low(score, printed_half, score_min)) as low_sum,
    sum(high(score, printed_half, score_max)) as high_sum,
    sum(low(score, half, score_min)) as lowest_sum,
    sum(high(score, half, score_max)) as highest_sum,
    sum(score_min) as least_sum,
    sum(score_max) as most_sum,
    max(case when is_previous then score end) as previous_score
from (
    select document_id, block_no, column_no, row_no, points(value) as score from smart_city__details
) as cells
inner join known_columns using (document_id, block_no, column_no)
where is_placed and score is not null
group by letter, row_no, dimension;

-- A block with one value more than headings: its m lowest and m highest values bound the dimension of its m columns.
create temp table unplaced as
with slots as (
    select
        letter, document_id, block_no, dimension, count(*) as slots,
        min(score_min) as score_min, max(score_max) as score_max, max(printed_half) as printed_half, max(half) as half
    from known_columns where not is_placed group by all
),
cells as (
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
    sum(list_sum([low(score, half, score_min) for score in lowest])) as lowest_sum,
    sum(list_sum([high(score, half, score_max) for score in highest])) as highest_sum,
    sum(len(lowest) * score_min) as least_sum,
    sum(len(lowest) * score_max) as most_sum
from ends
group by all;

create temp table lines as
select
    letter, document_id, edition_year, row_no, region_code,
    {% for dimension in dimensions %}
    points({{ dimension }}) as {{ dimension }},
    {{ dimension }} in (select printed_text from printed_words) as {{ dimension }}_absent,
    {% endfor %}
    points(final_score) as final_score,
    points(improvement) as improvement
from smart_city__results
inner join letters using (document_id)
inner join region_names on region_name = printed_name;

create temp table dimensions as
with parents as (
    select
        tree.edition_year, tree.component_code, tree.sort_order as dimension, any_value(tree.step) as step,
        count(*) as children, sum(children.score_min) as least_sum, sum(children.score_max) as most_sum
    from tree inner join tree as children
        on tree.instrument = 'smart_city' and children.instrument = 'smart_city'
        and tree.edition_year = children.edition_year and tree.component_code = children.parent_code
        and tree.component_level = 'dimension'
    group by all
),
printed as (
    {% for dimension in dimensions %}
    select letter, document_id, edition_year, row_no, region_code, '{{ dimension }}' as component_code, {{ dimension }} as published
    from lines where final_score is not null and {{ dimension }} is not null
    {{ "union all" if not loop.last }}
    {% endfor %}
)
select
    document_id, region_code, component_code, published, step,
    cast(parents.children as bigint) as divisor,
    sums.children is not distinct from parents.children as complete,
    cast(case when complete then sums.score_sum end as bigint) as score_sum,
    cast(case when complete then sums.low_sum end as bigint) as low_sum,
    cast(case when complete then sums.high_sum end as bigint) as high_sum,
    {% for end, scale in [("lowest", "least"), ("highest", "most")] %}
    -- Its whole scale for each indicator that is not printed.
    cast(case when sums.children > 0 or unplaced.children > 0 then
        coalesce(sums.{{ end }}_sum, 0) + coalesce(unplaced.{{ end }}_sum, 0)
        + parents.{{ scale }}_sum - coalesce(sums.{{ scale }}_sum, 0) - coalesce(unplaced.{{ scale }}_sum, 0)
    end as bigint) as {{ end }}_sum{{ "," if not loop.last }}
    {% endfor %}
from printed
inner join parents using (edition_year, component_code)
left join sums using (letter, row_no, dimension)
left join unplaced using (letter, row_no, dimension);

-- Finals of both indices: weighted sums or means of what the same line prints.
create temp table totals as
with lines_of_all as (
    select
        document_id, edition_year, region_code, 'smart_city' as instrument, final_score as published,
        [{% for one in dimensions %}{score: {{ one }}, absent: coalesce({{ one }}_absent, false)}{{ ", " if not loop.last }}{% endfor %}] as children
    from lines where final_score is not null
    union all
    select
        document_id, edition_year, region_code, 'public_service', points(index_score),
        [{% for one in units %}{score: points({{ one }}), absent: {{ one }} in (select printed_text from printed_words)}{{ ", " if not loop.last }}{% endfor %}]
    from public_service__scores
    inner join document_register using (document_id)
    inner join region_names on region_name = printed_name
    where points(index_score) is not null
),
parents as (
    select
        tree.instrument, tree.edition_year, tree.component_code, tree.step,
        list({factor: children.factor, score_min: children.score_min, score_max: children.score_max, half: children.step // 2, effective_half: children.half} order by children.sort_order) as kinds
    from tree inner join tree as children
        on tree.instrument = children.instrument and tree.edition_year = children.edition_year
        and tree.component_code = children.parent_code and tree.component_level = 'index'
    group by all
)
select
    document_id, region_code, edition_year, instrument, component_code, published, step,
    {% set kinds = {"smart_city": dimensions, "public_service": units} %}
    {% macro total(what, missing) %}
    case instrument
        {% for instrument, columns in kinds.items() %}
        when '{{ instrument }}' then
            {% for _ in columns %}{{ what.format(n=loop.index) }}{{ " + " if not loop.last }}{% endfor %}
        {% endfor %}
    end
    {% endmacro %}
    {{ total("case when children[{n}].absent then 0 else kinds[{n}].factor end") }} as divisor,
    {{ total("cast(children[{n}].score is not null as integer)") }} as printed,
    printed > 0 and {{ total("cast(children[{n}].score is null and not coalesce(children[{n}].absent, false) as integer)") }} = 0 as complete,
    case when complete then {{ total("coalesce(kinds[{n}].factor * children[{n}].score, 0)") }} end as score_sum,
    {% for name, side, half, scale in [("low", "low", "half", "score_min"), ("high", "high", "half", "score_max"),
        ("lowest", "low", "effective_half", "score_min"), ("highest", "high", "effective_half", "score_max")] %}
    case when printed > 0 then {{ total("kinds[{n}].factor * case when children[{n}].score is not null then " ~ side ~ "(children[{n}].score, kinds[{n}]." ~ half ~ ", kinds[{n}]." ~ scale ~ ") when children[{n}].absent then 0 else kinds[{n}]." ~ scale ~ " end") }} end as {{ name }}_sum{{ "," if not loop.last }}
    {% endfor %}
from lines_of_all inner join parents using (instrument, edition_year);

create table finals as
{% for part in ["dimensions", "totals"] %}
select
    document_id, region_code, component_code,
    case when complete then quotient(score_sum, divisor) end as score_recomputed,
    quotient(lowest_sum, divisor) as score_low,
    quotient(highest_sum, divisor) as score_high
from {{ part }}
{{ "union all" if not loop.last }}
{% endfor %};

-- Regions with the same score rank alike: ranks are found for the few hundred different scores of a list.
create table ranks as
with grouped as (
    select document_id, region_code, unnest(['all', region_type]) as peer_group, published, step
    from totals inner join official_regions using (region_code)
),
steps as (
    select document_id, peer_group, published, step, count(*) as regions from grouped group by all
),
places as (
    select
        document_id, peer_group, published,
        1 + coalesce(sum(regions) over (best_first rows between unbounded preceding and 1 preceding), 0) as rank,
        1 + coalesce(sum(regions) over (best_first range between unbounded preceding and 2 * step preceding), 0) as rank_best,
        sum(regions) over (partition by document_id, peer_group)
        - coalesce(sum(regions) over (best_first range between 2 * step following and unbounded following), 0) as rank_worst
    from steps
    window best_first as (partition by document_id, peer_group order by published desc)
)
select document_id, region_code, peer_group, cast(rank as bigint) as rank, cast(rank_best as bigint) as rank_best, cast(rank_worst as bigint) as rank_worst
from grouped inner join places using (document_id, peer_group, published);

create table verdicts as
select
    'smart_city.dimension_average' as rule_id, document_id, region_code, component_code,
    verdict(published, step, score_sum, complete, low_sum, high_sum, lowest_sum, highest_sum, divisor) as verdict
from dimensions
union all
select
    case instrument when 'smart_city' then 'smart_city.weighted_final' else 'public_service.unit_mean' end,
    document_id, region_code, component_code,
    verdict(published, step, score_sum, complete, low_sum, high_sum, lowest_sum, highest_sum, divisor)
from totals
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
    select document_id, region_code, improvement, previous_score, final_score - previous_score as difference, step
    from lines
    left join (select letter, row_no, previous_score from sums where previous_score is not null) using (letter, row_no)
    inner join (select edition_year, step from tree where component_code = 'smart_city') using (edition_year)
    where improvement is not null and final_score is not null
);
