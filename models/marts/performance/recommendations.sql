select
    notes.document_id,
    notes.table_id as note_kind,
    notes.row_no as note_no,
    notes.note_no as note_mark,
    components.component_code,
    notes.topic_code,
    topics.label_id,
    topics.label_en,
    notes.source_line
from {{ ref('notes') }} as notes
inner join {{ ref('document_register') }} as documents on notes.document_id = documents.document_id
left join {{ ref('note_topics') }} as topics on notes.topic_code = topics.topic_code
left join {{ ref('int_index__components') }} as components
    on
        documents.instrument = components.instrument
        and documents.edition_year = components.edition_year
        and components.component_depth = 1
        and ascii(coalesce(notes.letter, topics.note_component)) - ascii('a') + 1 = components.sort_order
