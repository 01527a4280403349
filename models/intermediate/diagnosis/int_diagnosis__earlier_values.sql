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
    select distinct
        cell_document_id,
        cell_table_id,
        cell_row_no,
        cell_column_name
    from {{ ref('int_diagnosis__broken_rules') }}
),

scores as (
    select * from {{ ref('int_index__printed_scores') }}
    where score is not null
),

suspects as (
    select scores.*
    from scores
    inner join cells
        on
            scores.document_id = cells.cell_document_id
            and scores.table_id = cells.cell_table_id
            and scores.row_no = cells.cell_row_no
            and scores.column_name = cells.cell_column_name
),

earlier as (
    select
        suspects.document_id,
        suspects.table_id,
        suspects.row_no,
        suspects.column_name,
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
        suspects.document_id,
        suspects.table_id,
        suspects.row_no,
        suspects.column_name,
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
                now.document_id,
                now.table_id,
                now.row_no,
                '{{ column }}' as column_name,
                before.{{ figure }} as value
            from cells
            inner join {{ ref(model) }} as now
                on
                    cells.cell_document_id = now.document_id
                    and cells.cell_table_id = now.table_id
                    and cells.cell_row_no = now.row_no
                    and cells.cell_column_name = '{{ column }}'
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
    document_id as cell_document_id,
    table_id as cell_table_id,
    row_no as cell_row_no,
    column_name as cell_column_name,
    cast(value as decimal(18, 4)) as value
from earlier
where value is not null
