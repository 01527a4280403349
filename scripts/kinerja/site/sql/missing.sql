-- One row per region that a document of the whole country should name and does not.
select missing.region_code, missing.document_id, documents.title_id, documents.title_en
from marts.missing_regions as missing
inner join marts.documents as documents on missing.document_id = documents.document_id
order by missing.region_code, missing.document_id
