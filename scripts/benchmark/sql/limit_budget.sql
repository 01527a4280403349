-- The limit of the budget stream: the tree, cumulated realizations and verdicts straight from the printed forms.
-- Year by year, as no line outlives its year. Most agencies of a kind print the same lines: trees are worked out once
-- for each different set of forms of a year. Amounts are whole rupiah, percentages hundredths of a hundredth.

create temp macro rupiah(printed) as cast(replace(printed, '.', '') as bigint);
create temp macro points(printed) as cast(cast(replace(replace(replace(printed, '.', ''), ',', '.'), '%', '') as decimal(18, 4)) * 10000 as bigint);

create temp table names as
select line_name, coalesce(arg_max(budget_level, length(printed_prefix)), 'sub_activity') as level
from (select distinct line_name from agency_performance__budget)
left join budget_levels on starts_with(concat(lower(line_name), '$'), lower(printed_prefix))
group by all;

create temp table lost as
select document_id, list(after_row_no order by after_row_no) as gaps from source_gaps where table_id = 'budget' group by all;

create table lines (document_id varchar, row_no integer, line_code varchar, parent_line_code varchar, realization_pct decimal(9, 2), cumulative_realization_rupiah decimal(18, 0));
create table verdicts (rule_id varchar, document_id varchar, row_no integer, component_code varchar, verdict varchar);

{% for year in years %}
create or replace temp table forms as
with shapes as (
    select document_id, agency_name, case quarter when 'I' then 1 when 'II' then 2 when 'III' then 3 when 'IV' then 4 end as quarter, sum(hash(line_name, row_no)) as shape
    from agency_performance__budget where fiscal_year = '{{ year }}' group by all
),
agencies as (
    select
        agency_name,
        list(struct_pack(quarter, shape, gaps) order by quarter) as shapes,
        list(struct_pack(document_id, quarter, gaps) order by quarter) as documents
    from shapes left join lost using (document_id)
    group by all
)
select
    row_number() over () as agency, dense_rank() over (order by shapes) as kind,
    row_number() over (partition by shapes) = 1 as is_example,
    documents
from agencies;

-- The lines of one agency of each kind, with their codes.
create or replace temp table trees as
with examples as (
    select kind, form.document_id, form.quarter, form.gaps
    from (select kind, unnest(documents) as form from forms where is_example)
),
printed as (
    select
        kind, quarter, row_no, line_name, level,
        last_value(case when level = 'program' then line_name end ignore nulls) over above as program_name,
        last_value(case when level = 'activity' then line_name end ignore nulls) over above as activity_above,
        max(case when level = 'program' then row_no end) over above as program_row,
        max(case when level = 'activity' then row_no end) over above as activity_row,
        coalesce(list_max(list_filter(gaps, lambda gap: gap < row_no)), 0) as gap_row,
        coalesce(list_contains(gaps, row_no), false) as before_gap
    from examples
    inner join (select document_id, row_no, line_name from agency_performance__budget where fiscal_year = '{{ year }}') as texts using (document_id)
    inner join names using (line_name)
    window above as (partition by kind, quarter order by row_no rows unbounded preceding)
),
named as (
    select
        * replace (case when level != 'agency' then program_name end as program_name),
        case
            when level = 'activity' then line_name
            when level = 'sub_activity' and activity_row > greatest(program_row, gap_row) then activity_above
        end as activity_name
    from printed
),
numbered as (
    select *, row_number() over (
        partition by kind, level, case when level != 'program' then program_name end, case when level = 'sub_activity' then activity_name end
        order by first_seen
    ) as line_no
    from (select kind, level, program_name, activity_name, line_name, min(quarter * 100000 + row_no) as first_seen from named group by all)
),
coded as (
    select
        one.kind, one.level, one.program_name, one.activity_name, one.line_name, row_number() over (partition by one.kind) as line,
        case one.level
            when 'agency' then '0'
            when 'program' then concat(one.line_no)
            when 'activity' then concat(program.line_no, '.', one.line_no)
            else concat(program.line_no, '.', coalesce(activity.line_no, 0), '.', one.line_no)
        end as line_code,
        case one.level
            when 'program' then '0'
            when 'activity' then concat(program.line_no)
            when 'sub_activity' then concat_ws('.', program.line_no, activity.line_no)
        end as parent_line_code
    from numbered as one
    left join numbered as program on one.kind = program.kind and one.program_name = program.program_name and program.level = 'program'
    left join numbered as activity
        on one.kind = activity.kind and one.program_name = activity.program_name and one.activity_name = activity.activity_name and activity.level = 'activity'
),
placed as (
    select kind, quarter, row_no, before_gap, coded.* exclude (kind)
    from named inner join coded using (kind, level, line_name)
    where named.program_name is not distinct from coded.program_name and named.activity_name is not distinct from coded.activity_name
)
select
    placed.kind, placed.quarter, placed.row_no, placed.line, placed.level, placed.line_code, placed.parent_line_code,
    -- The line before lost pages and the lines above it are incomplete.
    bool_or(gaps.line_code is not null and placed.level in ('program', 'activity')) as is_incomplete
from placed
left join (select kind, quarter, line_code from placed where before_gap) as gaps
    on placed.kind = gaps.kind and placed.quarter = gaps.quarter and starts_with(concat(gaps.line_code, '.'), concat(placed.line_code, '.'))
group by all;

-- The one pass over the lines: a row per line of the year, with its four quarters.
create or replace temp table years as
with cells as (
    select document_id, row_no, rupiah(ceiling) as ceiling, rupiah(realization) as realization, points(realization_pct) as pct
    from agency_performance__budget where fiscal_year = '{{ year }}'
),
documents as (
    select agency, kind, form.document_id, form.quarter from (select agency, kind, unnest(documents) as form from forms)
)
select
    agency, kind, line
    {% for quarter in range(1, 5) %}
    , max(case when quarter = {{ quarter }} then ceiling end) as ceiling_{{ quarter }}
    , max(case when quarter = {{ quarter }} then realization end) as realization_{{ quarter }}
    , max(case when quarter = {{ quarter }} then pct end) as pct_{{ quarter }}
    {% endfor %}
from cells inner join documents using (document_id) inner join trees using (kind, quarter, row_no)
group by agency, kind, line;

create or replace temp table kind_lines as
select
    one.kind, one.line, any_value(one.level) as level, any_value(one.line_code) as line_code, any_value(one.parent_line_code) as parent_line_code, any_value(parent.line) as parent
    {% for quarter in range(1, 5) %}
    , any_value(one.row_no) filter (one.quarter = {{ quarter }}) as row_{{ quarter }}
    , bool_or(one.is_incomplete) filter (one.quarter = {{ quarter }}) as incomplete_{{ quarter }}
    {% endfor %}
from trees as one
left join (select distinct kind, line, line_code from trees) as parent on one.kind = parent.kind and one.parent_line_code = parent.line_code
group by one.kind, one.line;

create or replace temp table rollups as
select
    agency, parent as line
    {% for quarter in range(1, 5) %}
    {% for amount in ["ceiling", "realization"] %}
    , cast(sum({{ amount }}_{{ quarter }}) as bigint) as {{ amount }}_sum_{{ quarter }}
    {% endfor %}
    {% endfor %}
from years inner join kind_lines using (kind, line)
where parent is not null
group by all;

{% for quarter in range(1, 5) %}
create or replace temp table printed as
select
    documents[quarters.place].document_id as document_id, row_{{ quarter }} as row_no, level, line_code, parent_line_code, coalesce(incomplete_{{ quarter }}, false) as is_incomplete,
    ceiling_{{ quarter }} as ceiling, realization_{{ quarter }} as realization, pct_{{ quarter }} as pct,
    -- A form without a grand total has one all the same: the sum of its programs.
    {% for before in range(1, quarter + 1) %}{{ "+ " if not loop.first }}coalesce(realization_{{ before }}, case when level = 'agency' then realization_sum_{{ before }} end) {% endfor %} as cumulated,
    {% if quarter > 1 %}coalesce({% for before in range(1, quarter) %}ceiling_{{ before }}{{ ", " if not loop.last }}{% endfor %}{{ ", null" if quarter == 2 }}){% else %}null{% endif %} as first_ceiling,
    ceiling_sum_{{ quarter }} as ceiling_sum, realization_sum_{{ quarter }} as realization_sum
from years
inner join kind_lines using (kind, line)
inner join forms using (agency, kind)
inner join (select agency, list_position(list_transform(documents, lambda form: form.quarter), {{ quarter }}) as place from forms) as quarters using (agency)
left join rollups using (agency, line)
where ceiling_{{ quarter }} is not null;

insert into lines
select
    document_id, row_no, line_code, parent_line_code,
    cast(((2 * 10000 * realization + ceiling) // (2 * nullif(ceiling, 0))) * cast(0.01 as decimal(3, 2)) as decimal(9, 2)),
    cumulated
from printed;

insert into verdicts
select
    'budget.line_percentage', document_id, row_no, 'realization_pct',
    case
        when ceiling = 0 then 'not_computable'
        when (2 * 10000 * realization + ceiling) // (2 * ceiling) * 100 = pct then 'exact'
        when abs(realization::hugeint * 1000000 - pct::hugeint * ceiling) <= 50::hugeint * ceiling then 'within_rounding'
        else 'outside'
    end
from printed
{% for amount in ["ceiling", "realization"] %}
union all
select
    case level when 'agency' then 'budget.grand_total' else 'budget.rollup' end, document_id, row_no, '{{ amount }}_rupiah',
    case
        when {{ amount }}_sum is null then 'not_computable'
        when {{ amount }}_sum = {{ amount }} and not is_incomplete then 'exact'
        when {{ amount }}_sum <= {{ amount }} and is_incomplete then 'within_bounds'
        else 'outside'
    end
from printed where level != 'sub_activity'
{% endfor %}
{% if quarter > 1 %}
union all
select
    'budget.constant_ceiling', document_id, row_no, 'ceiling_rupiah',
    case when ceiling = first_ceiling then 'exact' else 'outside' end
from printed where first_ceiling is not null
{% endif %};
{% endfor %}
{% endfor %}
