select
    instrument,
    edition_year,
    component_code,
    parent_code,
    component_level,
    component_depth,
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
-- Differences stand beside the tree.
where component_depth is not null
