{% set scores = ['social_service', 'hospital', 'third_unit', 'index_score'] %}

select
    document_id,
    table_id,
    row_no,
    source_line,
    region_name as printed_name,
    {%- for score in scores %}
        {{ score }} as {{ score }}_printed,
        {{ score_cell('public_service__scores', score) }} as {{ score }},
    {%- endfor %}
    grade as grade_printed,
    case when grade not in (select words.printed_text from {{ ref('printed_words') }} as words) then grade end as grade
from {{ ref('public_service__scores') }}
where {{ near_documents('document_id') }}
