select
    instrument,
    edition_year,
    component_code,
    parent_code,
    component_level,
    aggregation,
    weight,
    score_min,
    score_max,
    printed_step,
    effective_step,
    sort_order,
    basis,
    source_code,
    label_id,
    label_en
from {{ ref('int_index__components') }}
