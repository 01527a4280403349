-- Every printed number, by the cell it stands in: what reconciliation must cover or give a reason for.
with index_scores as (
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
    {%- for kind, stream in {'form_targets': 'target', 'form_budget': 'budget'}.items() %}
        {%- for table in tables_of([kind]) %}
            {{ figures_of_form(table, stream) }}
            union all
        {%- endfor %}
    {%- endfor %}
    {%- for table in tables_of(['year_columns']) %}
        -- A weight is printed once for all years.
        select distinct
            document_id,
            table_id,
            row_no,
            'weight' as column_name,
            '{{ table.meta.instrument }}.weight' as figure_kind
        from {{ corrected(table) }}
        where weight is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from index_scores
union all
select * from unplaced_scores
union all
select * from band_bounds
union all
select * from other_figures
