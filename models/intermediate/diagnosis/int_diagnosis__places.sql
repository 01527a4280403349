-- The scores by which lists are ordered, each with the score printed above it.
select
    scores.document_id,
    scores.table_id,
    scores.row_no,
    scores.column_name,
    scores.score_printed,
    scores.score,
    components.printed_step,
    lag(scores.row_no) over printed_order as row_no_above,
    lag(scores.column_name) over printed_order as column_name_above,
    lag(scores.score_printed) over printed_order as score_printed_above,
    lag(scores.score) over printed_order as score_above
from {{ ref('int_index__result_scores') }} as scores
inner join {{ ref('int_index__components') }} as components
    on
        scores.instrument = components.instrument
        and scores.edition_year = components.edition_year
        and scores.component_code = components.component_code
where
    scores.is_list_order
    and scores.score is not null
window printed_order as (partition by scores.document_id, scores.table_id order by scores.row_no)
