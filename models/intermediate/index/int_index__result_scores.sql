-- The scores that lists print, each with its government and component. Where a table says only in which order its
-- components stand, the tree knows them.
with editions as (
    select
        scores.*,
        documents.instrument,
        coalesce(scores.edition_year, documents.edition_year) as printed_year
    from {{ ref('stg_lists__scores') }} as scores
    inner join {{ ref('document_register') }} as documents on scores.document_id = documents.document_id
)

select
    scores.document_id,
    scores.table_id,
    scores.row_no,
    scores.column_name,
    scores.source_line,
    scores.instrument,
    scores.printed_year as edition_year,
    names.region_code,
    coalesce(scores.component_code, components.component_code) as component_code,
    scores.score_printed,
    scores.score,
    scores.is_evaluated,
    scores.is_list_order,
    words.absence_code
from editions as scores
left join {{ ref('int_index__components') }} as components
    on
        scores.instrument = components.instrument
        and scores.printed_year = components.edition_year
        and scores.component_order = components.sort_order
        and components.component_depth <= 1
left join {{ ref('region_names') }} as names on scores.printed_name = names.printed_name
left join {{ ref('printed_words') }} as words on scores.score_printed = words.printed_text
where {{ in_documents('scores.document_id') }}
