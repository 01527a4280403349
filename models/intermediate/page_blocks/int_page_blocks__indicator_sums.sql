{%- set half_steps = {'printed': 'columns.printed_half_step', 'effective': 'columns.effective_half_step'} -%}

-- What the indicators of a row add up to, dimension by dimension: how far they lift its sum above its floor (all at the
-- lower end of their scale) and leave it under its ceiling. The one pass over the cells, so the region waits until
-- there are twelve times fewer rows. In hundred-thousandths, half the finest step: whole numbers add up exactly.
with components as (
    select
        instrument,
        edition_year,
        component_code,
        parent_code,
        {{ scale_as_integers('integer') }}
    from {{ ref('int_index__components') }}
),

columns as (
    select
        placed.document_id,
        placed.block_no,
        placed.column_no,
        components.parent_code,
        components.score_min,
        components.score_max,
        components.printed_half_step,
        components.effective_half_step
    from {{ ref('int_page_blocks__placed_columns') }} as placed
    inner join components
        on
            placed.instrument = components.instrument
            and placed.edition_year = components.edition_year
            and placed.component_code = components.component_code
),

cells as (
    select
        document_id,
        block_no,
        column_no,
        result_row_no as row_no,
        cast(score * 100000 as integer) as points
    from {{ ref('int_page_blocks__cells') }}
    where
        score is not null
        and result_row_no is not null
)

select
    cells.document_id,
    cells.row_no,
    columns.parent_code as component_code,
    {%- for precision, half_step in half_steps.items() %}
        cast(sum({{ interval_low('cells.points', half_step, 'columns.score_min') }} - columns.score_min) as bigint)
            as {{ precision }}_above_floor,
        cast(sum({{ interval_high('cells.points', half_step, 'columns.score_max') }} - columns.score_max) as bigint)
            as {{ precision }}_above_ceiling,
    {%- endfor %}
    cast(sum(cells.points) as bigint) as score_sum,
    count(*) as children
from cells
inner join columns
    on
        cells.document_id = columns.document_id
        and cells.block_no = columns.block_no
        and cells.column_no = columns.column_no
group by cells.document_id, cells.row_no, columns.parent_code
