{#- What a form prints each quarter: where it stands, what tells its rows apart, its figures by printed column. -#}
{%- set each_quarter = [
    ('int_budget__lines', 'line_code', {
        'ceiling_rupiah': 'ceiling_rupiah',
        'realization_rupiah': 'realization_rupiah',
        'realization_pct': 'realization_pct',
    }),
    ('int_target__achievements', 'indicator_code', {
        'target': 'target',
        'realization': 'realization',
        'achievement_pct': 'achievement_pct_published',
    }),
] -%}

-- Of the cells of broken rules, what the same figure was before: in the edition or quarter before, or where a document
-- prints last year's total among its scores.
with cells as (
    select
        cells.cell_column_no,
        cells.cell_row_no as row_no,
        columns.document_id,
        columns.table_id,
        columns.column_name
    from {{ ref('int_diagnosis__cells') }} as cells
    inner join {{ ref('int_diagnosis__columns') }} as columns on cells.cell_column_no = columns.column_no
    where cells.is_broken
),

scores as (
    select * from {{ ref('int_index__printed_scores') }}
    where score is not null
),

suspects as (
    select
        scores.*,
        cells.cell_column_no
    from scores
    inner join cells
        on
            scores.document_id = cells.document_id
            and scores.table_id = cells.table_id
            and scores.row_no = cells.row_no
            and scores.column_name = cells.column_name
),

earlier as (
    select
        suspects.cell_column_no,
        suspects.row_no,
        scores.score as value
    from suspects
    inner join scores
        on
            suspects.instrument = scores.instrument
            and suspects.region_code = scores.region_code
            and suspects.component_code = scores.component_code
            and suspects.edition_year - 1 = scores.edition_year
    union
    select
        suspects.cell_column_no,
        suspects.row_no,
        scores.score as value
    from suspects
    inner join {{ ref('score_differences') }} as now
        on
            suspects.instrument = now.instrument
            and suspects.component_code = now.input_code
            and now.factor > 0
    inner join {{ ref('score_differences') }} as before
        on
            now.instrument = before.instrument
            and now.component_code = before.component_code
            and before.factor < 0
    inner join scores
        on
            suspects.document_id = scores.document_id
            and suspects.region_code = scores.region_code
            and suspects.edition_year = scores.edition_year
            and before.input_code = scores.component_code
    {%- for model, code, figures in each_quarter %}
        {%- for column, figure in figures.items() %}
            union
            select
                cells.cell_column_no,
                cells.row_no,
                before.{{ figure }} as value
            from cells
            inner join {{ ref(model) }} as now
                on
                    cells.document_id = now.document_id
                    and cells.table_id = now.table_id
                    and cells.row_no = now.row_no
                    and cells.column_name = '{{ column }}'
            inner join {{ ref(model) }} as before
                on
                    now.agency_code = before.agency_code
                    and now.{{ code }} = before.{{ code }}
                    and 4 * now.fiscal_year + now.quarter - 1 = 4 * before.fiscal_year + before.quarter
                    -- A total that the form does not print is nothing that it printed before.
                    and before.row_no is not null
        {%- endfor %}
    {%- endfor %}
)

select distinct
    cell_column_no,
    row_no as cell_row_no,
    cast(value as decimal(18, 4)) as value
from earlier
where value is not null
