-- The printed figures whose digits are screened, in whole printed steps. Printed scores have few different values, so
-- each is counted.
with coarsest_inputs as (
    select
        instrument,
        edition_year,
        component_code,
        max(effective_step) as effective_step
    from {{ ref('int_index__inputs') }}
    group by instrument, edition_year, component_code
),

-- A result is spread evenly over its last digits when every printed value stands for equally many sums of its inputs:
-- when none of these is coarser than the result.
components as (
    select
        components.instrument,
        components.edition_year,
        components.component_code,
        components.component_depth,
        components.printed_step,
        case when coalesce(components.aggregation, '') = '' then 'assumed' else 'derived' end as expectation,
        case
            when components.effective_step > components.printed_step then 'printed_finer'
            when inputs.effective_step > components.printed_step then 'few_possible_digits'
        end as reason
    from {{ ref('int_index__components') }} as components
    left join coarsest_inputs as inputs
        on
            components.instrument = inputs.instrument
            and components.edition_year = inputs.edition_year
            and components.component_code = inputs.component_code
),

-- A column of a wide table runs over several blocks; its component names it.
printed_scores as (
    select
        document_id,
        table_id,
        column_name,
        instrument,
        edition_year,
        component_code,
        score
    from {{ ref('int_index__result_scores') }}
    where score is not null
    union all
    select
        cells.document_id,
        cells.table_id,
        columns.component_code as column_name,
        columns.instrument,
        columns.edition_year,
        columns.component_code,
        cells.score
    from {{ ref('int_page_blocks__cells') }} as cells
    inner join {{ ref('int_page_blocks__placed_columns') }} as columns
        on
            cells.document_id = columns.document_id
            and cells.block_no = columns.block_no
            and cells.column_no = columns.column_no
    where
        cells.score is not null
        and columns.component_code is not null
),

-- Amounts that are sums of others say nothing of their own.
figures as (
    select
        scores.document_id,
        scores.table_id,
        scores.column_name,
        scores.instrument,
        scores.edition_year,
        'score' as figure_kind,
        components.expectation,
        components.reason,
        components.component_depth = 0 as is_total,
        cast({{ whole_quotient(
            as_integer('scores.score', 4), as_integer('components.printed_step', 4)
        ) }} as bigint) as steps
    from printed_scores as scores
    inner join components
        on
            scores.instrument = components.instrument
            and scores.edition_year = components.edition_year
            and scores.component_code = components.component_code
    {%- for amount in ['ceiling', 'realization'] %}
        union all
        select
            document_id,
            table_id,
            '{{ amount }}_rupiah' as column_name,
            cast(null as string) as instrument,
            cast(null as integer) as edition_year,
            'amount' as figure_kind,
            'assumed' as expectation,
            'round_amounts' as reason,
            false as is_total,
            cast({{ amount }}_rupiah as bigint) as steps
        from {{ ref('int_budget__lines') }}
        where
            budget_level = 'sub_activity'
            and {{ amount }}_rupiah > 0
    {%- endfor %}
)

select
    document_id,
    table_id,
    column_name,
    instrument,
    edition_year,
    figure_kind,
    expectation,
    reason,
    is_total,
    steps,
    count(*) as figures
from figures
group by
    document_id, table_id, column_name, instrument, edition_year, figure_kind, expectation, reason, is_total, steps
