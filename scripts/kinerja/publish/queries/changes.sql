{# What changed between two attached releases, before and after. All of it is set by set, each step one pass: the rows
   that differ, their printed cells, the keys of the figures that each cell moves, and the figures beside what moved
   them. A measure is one of measures.yml. #}

{# Published figures of regions that are no scores of a tree: differences, and grades, which are the categories printed
   elsewhere than in the number or the name of a row. #}
{% macro beside_the_tree(side) %}
    select claims.*, claims.subject_code as region_code, documents.instrument
    from {{ side }}.marts.reconciliation as claims
    inner join {{ side }}.marts.documents as documents on claims.document_id = documents.document_id
    semi join {{ side }}.marts.regions as regions on claims.subject_code = regions.region_code
    anti join {{ side }}.marts.score_components as components
        on documents.instrument = components.instrument
        and claims.edition_year = components.edition_year
        and claims.component_code = components.component_code
    where claims.column_name not in ('row_no', 'region_name')
{% endmacro %}

{% macro rows_of(measure, side) %}
{% if measure.beside_the_tree %}
    {{ beside_the_tree(side) }}
    and claims.{{ measure.beside_the_tree }}
{% else %}
    select *{{ "" if measure.printed else ", null as row_no" }} from {{ side }}.marts.{{ measure.mart }}
{% endif %}
{% endmacro %}

{# How many rows of each document only one of the two has. #}
{% macro one_sided(measure) %}
select document_id, sum(added), sum(removed)
from (
    {% for side, other in [("after", "before"), ("before", "after")] %}
    select document_id, {{ side == "after" }} as added, {{ side == "before" }} as removed
    from ({{ rows_of(measure, side) }})
    anti join ({{ rows_of(measure, other) }}) using ({{ measure.key | names }})
    {{ "union all" if not loop.last }}
    {% endfor %}
)
group by document_id
order by document_id
{% endmacro %}

{# The rows that both have and that differ: as they are after, with was_… from before. #}
{% macro changed(measure) %}
create temp table {{ measure.table }} as
select
    row_number() over (order by {% for name in measure.key %}t.{{ name }}{{ ", " if not loop.last }}{% endfor %}) as no,
    t.*,
    {% for name in measure.figures %}
    was.{{ name }} as was_{{ name }},
    {% endfor %}
from ({{ rows_of(measure, "after") }}) as t
inner join ({{ rows_of(measure, "before") }}) as was
    on
    {% for name in measure.key %}
        t.{{ name }} is not distinct from was.{{ name }} {{ "and" if not loop.last }}
    {% endfor %}
where
    {% for name in measure.figures %}
    t.{{ name }} is distinct from was.{{ name }} {{ "or" if not loop.last }}
    {% endfor %}
{% endmacro %}

{# The raw cells that changed, by their row, and by each key that they move; the first of them are named. #}
{% macro cells(measures, most) %}
create temp table cells as
{% for measure in measures %}
{% for figure, column in measure.printed.items() %}
-- A line that no document prints (the sum of the programs) has computed figures only.
select '{{ measure.table }}' as changed_in, no, document_id, table_id, row_no, {{ column }} as column_name, source_line
from {{ measure.table }}
where row_no is not null and {{ figure }} is distinct from was_{{ figure }}
union all
{% endfor %}
{% endfor %}
select null, null, null, null, null, null, null where false;

create temp table moves as
{% for measure in measures %}
{% for move in measure.moves %}
select '{{ measure.table }}' as changed_in, no, moved from (with changed as (from {{ measure.table }}) {{ move }})
union all
{% endfor %}
{% endfor %}
select null, null, null where false;

{% for table, key, source in [
    ("own_cells", "changed_in, no", "cells"),
    ("moving_cells", "moved", "moves inner join cells using (changed_in, no)"),
] %}
create temp table {{ table }} as
select
    {{ key }},
    count(*) as cell_count,
    list(
        {
            'document_id': document_id, 'table_id': table_id, 'row_no': row_no, 'column_name': column_name,
            'source_line': source_line
        }
        order by changed_in, no, column_name
    )[:{{ most }}] as cells
from {{ source }}
group by {{ key }};
{% endfor %}
{% endmacro %}

{# A printed figure is its own cell; a computed one has the cells that it is computed from. #}
{% macro found(measure, most) %}
select
    '{{ measure.kind }}' as kind,
    {% if measure.subject %}
    {{ measure.subject }} as subject,
    {% else %}
    coalesce(
        (select region_name from after.marts.regions as r where r.region_code = t.region_code), t.region_code
    ) as subject,
    {% endif %}
    {{ measure.item }} as item,
    cast({{ measure.when or "t.edition_year" }} as varchar) as when,
    list_filter(
        [
            {% for figure in measure.figures %}
            {
                'name': '{{ figure }}',
                'before': cast(was_{{ figure }} as varchar),
                'after': cast(t.{{ figure }} as varchar),
                'is_printed': {{ figure in measure.printed }} and t.row_no is not null
            },
            {% endfor %}
        ],
        lambda figure: figure.before is distinct from figure.after
    ) as fields,
    coalesce(own_cells.cells, moving_cells.cells, []) as cells,
    coalesce(own_cells.cell_count, moving_cells.cell_count, 0) as cell_count
from {{ measure.table }} as t
left join own_cells on own_cells.changed_in = '{{ measure.table }}' and t.no = own_cells.no
left join moving_cells on {{ measure.moved_by }} = moving_cells.moved
order by t.no
limit {{ most }}
{% endmacro %}
