{%- set stream_names = {'form_targets': 'target', 'form_budget': 'budget'} -%}
{%- set selects = [] -%}

{#- Figures of forms; amounts stand in the marts under names that say their unit. -#}
{%- for table in tables_of(['form_targets', 'form_budget']) -%}
    {%- for column in columns_holding(table, ['figure', 'amount', 'percentage']) -%}
        {%- set figure = column.name ~ ('_rupiah' if column.meta.holds == 'amount' else '') -%}
        {%- set select %}
    select
        document_id,
        table_id,
        row_no,
        '{{ figure }}' as column_name,
        '{{ stream_names[table.kind] }}.{{ figure }}' as figure_kind
    from {{ table.relation }}
    where {{ column.name }} is not null and {{ column.name }} not in (select words.printed_text from words)
        {%- endset -%}
        {%- do selects.append(select) -%}
    {%- endfor -%}
{%- endfor -%}

{#- Weights, once per printed row. -#}
{%- for table in tables_of(['year_columns']) -%}
    {%- for column in columns_holding(table, ['weight']) -%}
        {%- set select %}
    select distinct
        document_id,
        table_id,
        row_no,
        '{{ column.name }}' as column_name,
        '{{ table.meta.instrument }}.weight' as figure_kind
    from {{ table.relation }}
    where {{ column.name }} is not null
        {%- endset -%}
        {%- do selects.append(select) -%}
    {%- endfor -%}
{%- endfor -%}

-- Every printed number, by the cell it stands in: what reconciliation must cover or give a reason for.
with words as (
    select * from {{ ref('printed_words') }}
),

index_scores as (
    select
        scores.document_id,
        scores.table_id,
        scores.row_no,
        scores.column_name,
        concat(scores.instrument, '.', components.component_level) as figure_kind
    from {{ ref('int_index__printed_scores') }} as scores
    inner join {{ ref('int_index__components') }} as components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    where scores.score is not null
),

unplaced_scores as (
    select
        document_id,
        table_id,
        row_no,
        concat(block_no, ':', column_no) as column_name,
        concat(instrument, '.unplaced_indicator') as figure_kind
    from {{ ref('int_page_blocks__placed_scores') }}
    where component_code is null
),

band_bounds as (
    {%- for bound in ['lower_bound', 'upper_bound'] %}
        select
            bands.document_id,
            bands.table_id,
            bands.row_no,
            '{{ bound }}' as column_name,
            concat(documents.instrument, '.band_bound') as figure_kind
        from {{ ref('stg_lists__bands') }} as bands
        inner join {{ ref('document_register') }} as documents on bands.document_id = documents.document_id
        where bands.{{ bound }} is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

other_figures as (
    {{- selects | join('\n    union all') }}
)

select * from index_scores
union all
select * from unplaced_scores
union all
select * from band_bounds
union all
select * from other_figures
