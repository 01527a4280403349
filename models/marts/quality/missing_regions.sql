-- A national evaluation should name every official region of its kinds, scored or not.
with named as (
    select
        lists.document_id,
        names.region_code
    from {{ ref('stg_lists__names') }} as lists
    left join {{ ref('region_names') }} as names on lists.printed_name = names.printed_name
    where lists.is_national
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
