-- One row per numbered note of a document about one region or agency.
select
    notes.document_id,
    notes.note_kind,
    notes.note_no,
    notes.label_id,
    notes.label_en,
    notes.source_line
from marts.recommendations as notes
order by notes.document_id, notes.note_kind, notes.note_no
