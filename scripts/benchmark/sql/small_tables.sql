-- What is small and alike for every contender, worked out by DuckDB: the trees as whole numbers (scores in hundred-
-- thousandths, weights in ten-thousandths), and what each printed column stands for.

create temp table tree as
select
    editions.*,
    trees.component_code,
    trees.parent_code,
    trees.component_level,
    trees.sort_order,
    cast(coalesce(trees.weight, 1) * 10000 as bigint) as factor,
    cast(trees.score_min * 100000 as integer) as score_min,
    cast(trees.score_max * 100000 as integer) as score_max,
    cast(trees.printed_step * 100000 as integer) as step,
    cast(trees.effective_step * 50000 as integer) as half
from (select distinct instrument, edition_year from document_register) as editions
inner join score_trees as trees
    on editions.instrument = trees.instrument
    and editions.edition_year between trees.valid_from and coalesce(trees.valid_to, 9999);

create temp table letters as
select cast(row_number() over (order by document_id) as integer) as letter, document_id, instrument, edition_year
from document_register where instrument in ('smart_city', 'public_service');

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

-- Columns of blocks that cannot be placed, by dimension.
create temp table slots as
select
    letter, document_id, block_no, dimension, count(*) as slots,
    min(score_min) as score_min, max(score_max) as score_max, max(printed_half) as printed_half, max(half) as half
from known_columns where not is_placed group by all;

-- Dimensions, with the scale that their indicators have together.
create temp table parents as
select
    parents.edition_year, parents.component_code, parents.sort_order as dimension, parents.step,
    count(*) as children, cast(sum(tree.score_min) as bigint) as least, cast(sum(tree.score_max) as bigint) as most
from tree
inner join tree as parents
    on parents.component_code = tree.parent_code and parents.instrument = tree.instrument and parents.edition_year = tree.edition_year
where parents.instrument = 'smart_city' and parents.component_level = 'dimension'
group by all;

-- Of totals.
create temp table steps as select component_code, edition_year, step from tree where component_level = 'index';

create temp table words as select printed_text from printed_words;
create temp table names as select printed_name, region_code from region_names;
create temp table regions as select region_code, region_type from official_regions;

-- Weights and scales of the parts of a total: one row per year.
{% for instrument, columns in [("smart_city", dimensions), ("public_service", units)] %}
create temp table {{ instrument }}_kinds as
select
    {% for column in columns %}
    {% for name, what in [("factor", "factor"), ("score_min", "score_min"), ("score_max", "score_max"), ("half", "half"), ("printed_half", "step // 2")] %}
    any_value({{ what }}) filter (component_code = '{{ column }}') as {{ column }}_{{ name }},
    {% endfor %}
    {% endfor %}
    edition_year, any_value(step) filter (component_level = 'index') as step
from tree where instrument = '{{ instrument }}' group by edition_year;
{% endfor %}
