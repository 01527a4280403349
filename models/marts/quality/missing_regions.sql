-- A national evaluation should name every official region of its kinds, scored or not.
with named as (
    select
        documents.document_id,
        names.region_code
    from {{ ref('stg_public_service__scores') }} as scores
    inner join {{ ref('document_register') }} as documents on scores.document_id = documents.document_id
    inner join {{ ref('region_names') }} as names on scores.printed_name = names.printed_name
),

national_documents as (
    select distinct document_id from named
)

select
    documents.document_id,
    regions.region_code,
    regions.region_type,
    regions.region_name,
    regions.province_code
from national_documents as documents
cross join {{ ref('official_regions') }} as regions
left join named
    on
        documents.document_id = named.document_id
        and regions.region_code = named.region_code
where named.region_code is null
