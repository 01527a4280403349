-- One smart city letter: a results line per region and the detail table in the page blocks of a real one. True
-- indicators are whole numbers, skewed, with many at the ends of the scale; averages and finals are exact quotients of
-- all of them, printed half-up; some cells are missing, some hold a word. Scores are hundredths.
{% set names = (dimensions | list) + ["final_score", "improvement"] %}
{% set low, high = 100, 400 %}

create or replace temp table lines as
select
    results, details, invitations, quality,
    chance('takes no part', region_no) < {{ took_no_part }} as is_absent,
    -- Who took no part stands at the end of the list.
    row_number() over (order by is_absent, region_no) - 1 as line
from generated_regions where region_type != 'province';

create or replace temp table true_scores as
select
    line, indicator, dimension, in_dimension, is_absent, line * 1000 + indicator as score_no,
    -- The first is that of the year before.
    if(
        indicator = 0,
        clipped(290 + 100 * quality + 20 * normal('previous', line), {{ low }}, {{ high }}),
        100 * clipped(2.9 + quality + 0.8 * normal('score', score_no), {{ low }} // 100, {{ high }} // 100)
    ) as score
from lines, indicators;

create or replace temp table figures as
with averages as (
    select line, is_absent, dimension, any_value(in_dimension) as scores, sum(score) as total
    from true_scores group by all
),

-- The final comes from averages before rounding: all over one denominator.
parts as (
    select
        averages.*, factor, cast((select product(distinct in_dimension) from indicators) as bigint) as common
    from averages
    inner join (select distinct component_code, factor from tree where instrument = 'smart_city') as weights
        on averages.dimension = weights.component_code
),

finals as (
    select line, is_absent, half_up(sum(factor * (common // scores) * total), 10000 * any_value(common)) as final_score
    from parts group by all
),

right_figures as (
    select line, is_absent, dimension as name, half_up(total, scores) as number from averages
    union all
    select line, is_absent, 'final_score', final_score from finals
    union all
    select line, finals.is_absent, 'improvement', final_score - score
    from finals inner join true_scores using (line) where indicator = 0
),

-- At most one misprint in a line, so that nothing can undo it.
chosen as (
    select
        *,
        not is_absent and chance('misprinted', line) < {{ misprinted }} * {{ names | length }}
        and name = {{ names }}[whole('misprinted column', line, 1, {{ names | length }})] as is_wrong
    from right_figures
)

select
    *,
    case
        when not is_wrong then number
        when name = 'improvement' then moved(number, line, 3, 100, {{ low }} - {{ high }}, {{ high }} - {{ low }})
        when name = 'final_score' then moved(number, line, 3, 100, {{ low }}, {{ high }})
        -- An average weighs a tenth at least, so that the final shows it.
        else moved(number, line, 110, 150, {{ low }}, {{ high }})
    end as misprint
from chosen;

create or replace temp table detail_cells as
select
    cells.*, lines.details, score, chance('cell', cell_no) as drawn,
    not lines.is_absent and drawn < {{ misprinted }} as is_wrong,
    -- Now and then a misprint leaves the scale.
    if(chance('leaves', cell_no) < 0.02, 0, score % 400 // 100 * 100 + 100) as misprint,
    case
        when lines.is_absent then 'Tidak mengikuti evaluasi'
        when drawn > 1 - {{ dash }} then '-'
        else printed(if(is_wrong, misprint, score))
    end as value
from cells
inner join lines using (line)
inner join true_scores using (line, indicator)
where if(lines.is_absent, is_first, not drawn between 1 - {{ dash }} - {{ missing }} and 1 - {{ dash }});

create table printed.smart_city__invitations as
select '{{ document }}' as document_id, 'invitations' as table_id, line + 1 as row_no, line + 61 as source_line,
    invitations as addressee
from lines order by line;

create table printed.smart_city__results as
select
    '{{ document }}' as document_id, 'results' as table_id, line + 1 as row_no,
    line + {{ regions }} + 122 as source_line,
    any_value(results) as region_name,
    {% for name in names %}
    any_value(printed(misprint)) filter (name = '{{ name }}' and not figures.is_absent) as {{ name }},
    {% endfor %}
from figures inner join lines using (line)
group by line order by line;
update printed.smart_city__results set {{ names[0] }} = 'Tidak mengikuti evaluasi' where {{ names[0] }} is null;

create table printed.smart_city__detail_columns as
select * replace ('{{ document }}' as document_id)
from smart_city__detail_columns where document_id = (select min(document_id) from smart_city__detail_columns);

create table printed.smart_city__details as
select '{{ document }}' as document_id, 'details' as table_id, details as region_name, block_no, line + 1 as row_no,
    column_no, source_line, value
from detail_cells order by cell_no;

insert into planted
select
    '{{ document }}', 'smart_city__results', 'results', line + 1, name, printed(number), printed(misprint),
    if(name = 'improvement', 'smart_city.improvement', 'smart_city.weighted_final')
from figures where is_wrong order by line;

insert into planted
select
    '{{ document }}', 'smart_city__details', 'details', line + 1, block_no || ':' || column_no, printed(score), value,
    -- An indicator is one of many in an average of rounded scores: arithmetic need not show it.
    if(misprint = 0, 'index.scale', null)
from detail_cells where is_wrong order by cell_no;
