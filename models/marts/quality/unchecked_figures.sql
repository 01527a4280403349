with unchecked as (
    select
        figures.document_id,
        figures.table_id,
        figures.figure_kind,
        count(*) as figures
    from {{ ref('int_quality__printed_figures') }} as figures
    left join {{ ref('reconciliation') }} as claims
        on
            figures.document_id = claims.document_id
            and figures.table_id = claims.table_id
            and figures.row_no = claims.row_no
            and figures.column_name = claims.column_name
    where claims.rule_id is null
    group by figures.document_id, figures.table_id, figures.figure_kind
)

select
    unchecked.document_id,
    unchecked.table_id,
    unchecked.figure_kind,
    unchecked.figures,
    reasons.reason_id,
    reasons.reason_en
from unchecked
left join {{ ref('unchecked_reasons') }} as reasons on unchecked.figure_kind = reasons.figure_kind
