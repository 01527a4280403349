-- One public service decision: lists A to D and its bands.
{% set names = (units | list) + ["index_score"] %}

create or replace temp table units as
select
    region_no, {{ units | list }}[unit_no + 1] as unit, region_no * 4 + unit_no as figure_no,
    clipped(370 + 100 * quality + 60 * normal('score', figure_no), 0, 500) as score,
    case
        when chance('not evaluated', region_no) < {{ no_unit }} then 'NA'
        when chance('no unit', figure_no) < {{ no_unit }} then '*NA'
    end as word
from generated_regions, unnest(range({{ units | length }})) as units (unit_no);

create or replace temp table decided as
with evaluated as (
    select
        region_no, count(*) filter (word is null) as evaluated,
        half_up(sum(score) filter (word is null), evaluated) as index_score
    from units group by region_no
),

listed as (
    select
        *,
        case
            when evaluated = 0 then 'D'
            when region_type = 'province' then 'A'
            when region_type = 'city' then 'B'
            else 'C'
        end as table_id
    from evaluated inner join generated_regions using (region_no)
)

select
    listed.*, coalesce(grade, 'NA') as grade,
    row_number() over (order by table_id, index_score desc, region_no) as place,
    -- Each list runs from the best index down.
    row_number() over (partition by table_id order by index_score desc, region_no) as row_no
from listed
asof left join (from grade_bands where instrument = 'public_service' and valid_to is null) as bands
    on listed.evaluated > 0 and listed.index_score >= bands.lower_bound * 100;

create or replace temp table figures as
with right_figures as (
    select region_no, unit as name, score as number, word from units
    union all
    select region_no, 'index_score', index_score, if(evaluated = 0, 'NA', null) from decided
),

chosen as (
    select
        *,
        word is null and chance('misprinted', region_no) < {{ misprinted }} * {{ names | length }}
        and name = {{ names }}[whole('misprinted column', region_no, 1, {{ names | length }})] as is_wrong
    from right_figures
)

select
    *,
    bool_or(is_wrong) over (partition by region_no) as is_in_wrong_line,
    case
        when not is_wrong then number
        when name = 'index_score' then moved(number, region_no, 3, 100, 0, 500)
        else moved(number, region_no, 30, 200, 0, 500)
    end as misprint,
    case
        when word is not null then word
        -- Some lists drop a last zero.
        when name = '{{ names[0] }}' and not is_in_wrong_line and chance('short', region_no) < 0.3
            then regexp_replace(printed(misprint), '0$', '')
        else printed(misprint)
    end as value
from chosen;

create table printed.public_service__scores as
select
    '{{ document }}' as document_id, table_id, row_no, any_value(place) + 289 as source_line,
    any_value(scores) as region_name,
    {% for name in names %}
    any_value(value) filter (name = '{{ name }}') as {{ name }},
    {% endfor %}
    any_value(grade) as grade
from figures inner join decided using (region_no)
group by table_id, row_no order by table_id, row_no;

create table printed.public_service__bands as
select * replace ('{{ document }}' as document_id)
from public_service__bands where document_id = (select min(document_id) from public_service__bands);

insert into planted
select
    '{{ document }}', 'public_service__scores', table_id, row_no, name, printed(number), value,
    'public_service.unit_mean'
from figures inner join decided using (region_no) where is_wrong order by region_no;
