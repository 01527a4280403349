-- The forms of one quarter. Ceilings hold for a year, realizations are the quarter's own. Sums are exact, percentages
-- printed half-up. A few forms have lost pages: the lines of a program from some place on, sometimes up to the middle
-- of one of its later activities. Amounts are whole rupiah.

{# Amounts of sub-activities, with their sums on every line above. #}
{% macro rolled_up(amounts) %}
sums as (
    {% for above in ["path", "path // 100 * 100", "path // 10000 * 10000"] %}
    select {{ above }} as path, cast(sum(amount) as bigint) as total
    from {{ amounts }} where level = 3 group by all
    {{ "union all" if not loop.last }}
    {% endfor %}
),

rolled_up as (
    select * exclude (amount, total), if(level = 3, amount, total) as amount
    from {{ amounts }} inner join sums using (path)
)
{% endmacro %}

{% if quarter == 1 %}
create or replace temp table ceilings as
with amounts as (
    select *, clipped(exp(19.3 + 1.3 * normal('ceiling', line_no)), 1000000, 50000000000) as amount
    from all_lines
),

-- Half of the ceilings are round.
rounded as (
    select * replace (if(chance('round', line_no) < 0.5, amount // 1000 * 1000, amount) as amount) from amounts
),

{{ rolled_up("rounded") }}

select * rename (amount as ceiling) from rolled_up;
{% endif %}

create or replace temp table lost as
select agency, first_line, last_line
from agencies inner join gaps using (kind)
where chance('lost pages', agency) < {{ lost_pages }} and gap_no = whole('gap', agency, 1, gaps);

create or replace temp table figures as
with shares as (
    select
        *,
        -- The last but one of five draws; at most 22 % a quarter, so that a year stays below its ceiling, also with a
        -- misprint.
        if(
            chance('nothing', line_no) < 0.02, 0,
            0.22 * list_sort([{% for draw in range(5) %}chance('share {{ draw }}', line_no), {% endfor %}])[4]
        ) as share
    from ceilings
),

spent as (select * exclude (share), cast(floor(ceiling * share) as bigint) as amount from shares),

{{ rolled_up("spent") }},

chosen as (
    select
        rolled_up.*,
        amount as realization,
        half_up(10000 * amount, ceiling) as realization_pct,
        first_line is null as is_whole_form,
        coalesce(line between first_line and last_line, false) as is_lost,
        if(is_lost, null, line - if(line > last_line, last_line - first_line + 1, 0)) as row_no,
        not is_lost and chance('misprinted', line_no) < {{ misprinted }} * 3 as is_wrong,
        if(is_wrong, whole('column', line_no, 1, 3), 0) as wrong_column,
        -- A twentieth of the ceiling at least: every percentage shows it.
        if(
            wrong_column = 3,
            whole('off', line_no, 2, 499),
            cast(floor(ceiling * (0.05 + 0.07 * chance('off', line_no))) as bigint) + 1
        ) as off
    from rolled_up left join lost using (agency)
)

select
    *,
    ceiling + if(wrong_column = 1, off, 0) as printed_ceiling,
    realization + if(wrong_column = 2, off, 0) as printed_realization,
    realization_pct + if(wrong_column = 3, off, 0) as printed_pct
from chosen;

{% if quarter == 1 %}
create or replace temp table right_at_first as
select line_no from figures where is_whole_form and wrong_column != 1;
{% endif %}

create or replace temp view printed_lines as
select
    figures.*, agency_name, line_name,
    format('performance_{}_{{ year }}_q{{ quarter }}', slug) as document_id
from figures
inner join agencies using (agency, kind)
inner join lines_of_kinds using (kind, line);

create table printed.agency_performance__budget as
select
    document_id, 'budget' as table_id, row_no, row_no + 9 as source_line, agency_name,
    {{ year }} as fiscal_year,
    {{ ["I", "II", "III", "IV"] }}[{{ quarter }}] as quarter,
    (row_no - 1) // 35 + 1 as page_no,
    line_name,
    format('{:t.}', printed_ceiling) as ceiling,
    format('{:t.}', printed_realization) as realization,
    printed(printed_pct) || '%' as realization_pct
from printed_lines where not is_lost order by line_no;

create table printed.source_gaps as
select
    document_id, 'budget' as table_id, row_no as after_row_no, 'program' as open_level, 'inferred' as basis,
    'Halaman sesudah baris ini hilang' as label_id, 'Pages after this line are missing' as label_en
from printed_lines inner join lost using (agency) where line = lost.first_line - 1 order by agency;

insert into planted
select
    document_id, 'agency_performance__budget', 'budget', row_no,
    ['ceiling', 'realization', 'realization_pct'][wrong_column],
    [format('{:t.}', ceiling), format('{:t.}', realization), printed(realization_pct) || '%'][wrong_column],
    [
        format('{:t.}', printed_ceiling), format('{:t.}', printed_realization), printed(printed_pct) || '%'
    ][wrong_column],
    case
        when wrong_column != 1 then 'budget.line_percentage'
        -- The same ceiling, right, in the first quarter: then this one cannot be.
        when {{ quarter }} > 1 and is_whole_form and line_no in (from right_at_first) then 'budget.constant_ceiling'
    end
from printed_lines where is_wrong order by line_no;
