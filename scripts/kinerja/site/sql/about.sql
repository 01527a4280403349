-- One row per finding about a region, its agency or one of its cells: whose it is.
select findings.finding_id, coalesce(agencies.region_code, regions.region_code) as region_code
from marts.findings as findings
left join marts.agencies as agencies
    on
        findings.subject_code in (agencies.agency_code, agencies.agency_name)
        or starts_with(findings.subject_code, agencies.agency_code || '/')
        or starts_with(findings.subject_code, agencies.agency_name || '/')
left join marts.regions as regions
    on
        findings.subject_code = regions.region_code
        or starts_with(findings.subject_code, regions.region_code || '/')
where agencies.region_code is not null or regions.region_code is not null
