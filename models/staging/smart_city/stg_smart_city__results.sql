{% set scores = ['baseline', 'output', 'quick_win', 'impact', 'outcome', 'final_score', 'improvement'] %}

select
    document_id,
    table_id,
    row_no,
    source_line,
    region_name as printed_name,
    {%- for score in scores %}
        {{ score }} as {{ score }}_printed,
        {{ score_cell('smart_city__results', score) }} as {{ score }},
    {%- endfor %}
    -- A region that took no part has the word in its first score cell and blanks after it.
    final_score is not null as took_part
from {{ ref('smart_city__results') }}
where {{ near_documents('document_id') }}
