-- Every printed score of every index in one long table; what differs between indices is rows of score_trees.
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
    absence_code,
    -- Can a printed difference be taken from it?
    true as may_be_differenced
from {{ ref('int_index__result_scores') }}
where {{ near_documents('document_id') }}
union all
select
    document_id,
    table_id,
    row_no,
    concat(block_no, ':', column_no) as column_name,
    source_line,
    instrument,
    edition_year,
    region_code,
    component_code,
    score_printed,
    score,
    cast(null as string) as absence_code,
    may_be_differenced
from {{ ref('int_page_blocks__placed_scores') }}
where component_code is not null
