-- Published totals, the components below them that others are printed for, and differences, each with what its rule
-- gives.
with recomputed as (
    {%- for source, is_complete, low, high, denominator in [
        (
            'int_index__recomputed_scores', 'children_printed = children_expected',
            'effective_low_numerator', 'effective_high_numerator', whole_quotient('divisor', 100000),
        ),
        (
            'int_index__differences', 'score_recomputed is not null',
            as_integer('effective_low', 5), as_integer('effective_high', 5), 1,
        ),
    ] %}
        select
            document_id,
            table_id,
            row_no,
            column_name,
            source_line,
            instrument,
            edition_year,
            region_code,
            component_code,
            score_printed,
            score,
            score_recomputed,
            {{ is_complete }} as is_complete,
            printed_low,
            printed_high,
            effective_low,
            effective_high,
            -- The same bounds as quotients, in points.
            cast({{ low }} as decimal(38, 0)) as numerator_low,
            cast({{ high }} as decimal(38, 0)) as numerator_high,
            cast({{ denominator }} as decimal(38, 0)) as denominator
        from {{ ref(source) }}
        where score is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    rules.rule_id,
    scores.document_id,
    scores.table_id,
    scores.row_no,
    scores.column_name,
    scores.source_line,
    scores.edition_year,
    cast(null as integer) as quarter,
    scores.region_code as subject_code,
    scores.component_code,
    scores.score_printed as published_text,
    scores.score as published,
    components.printed_step as published_step,
    scores.score_recomputed as recomputed,
    scores.is_complete,
    scores.printed_low,
    scores.printed_high,
    scores.effective_low,
    scores.effective_high,
    scores.numerator_low,
    scores.numerator_high,
    scores.denominator
from recomputed as scores
inner join {{ ref('int_index__components') }} as components
    on
        scores.instrument = components.instrument
        and scores.edition_year = components.edition_year
        and scores.component_code = components.component_code
-- A level without a rule would drop out of sight; its blank rule_id fails the key.
left join {{ ref('rules') }} as rules
    on
        components.instrument = rules.instrument
        and components.component_level = rules.component_level
