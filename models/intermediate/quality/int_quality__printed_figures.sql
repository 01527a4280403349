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
        'smart_city.unplaced_indicator' as figure_kind
    from {{ ref('int_smart_city__placed_scores') }}
    where component_code is null
),

other_figures as (
    {%- set figures = [
        ('stg_smart_city__results', 'improvement', 'smart_city.improvement'),
        ('stg_public_service__bands', 'lower_bound', 'public_service.band_bound'),
        ('stg_public_service__bands', 'upper_bound', 'public_service.band_bound'),
        ('stg_agency_performance__targets', 'target', 'target.target'),
        ('stg_agency_performance__targets', 'realization', 'target.realization'),
        ('stg_agency_performance__targets', 'achievement_pct', 'target.achievement_pct'),
        ('stg_agency_performance__budget_lines', 'ceiling_rupiah', 'budget.ceiling_rupiah'),
        ('stg_agency_performance__budget_lines', 'realization_rupiah', 'budget.realization_rupiah'),
        ('stg_agency_performance__budget_lines', 'realization_pct', 'budget.realization_pct'),
    ] %}
    {%- for model, column, figure_kind in figures %}
        select
            document_id,
            table_id,
            row_no,
            '{{ column }}' as column_name,
            '{{ figure_kind }}' as figure_kind
        from {{ ref(model) }}
        where {{ column }} is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

weights as (
    select distinct
        document_id,
        table_id,
        row_no,
        'weight' as column_name,
        'accountability.weight' as figure_kind
    from {{ ref('stg_accountability__components') }}
    where weight is not null
)

select * from index_scores
union all
select * from unplaced_scores
union all
select * from other_figures
union all
select * from weights
