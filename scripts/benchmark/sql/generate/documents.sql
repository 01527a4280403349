-- What the register and the expected rows say of the documents that were just printed.

create table printed.expected_rows as
{% for seed in printed if "__" in seed %}
select document_id, table_id, count(*) as expected_rows, '{{ seed }}' as seed_name
from printed.{{ seed }} group by document_id, table_id
{{ "union all" if not loop.last else "order by all;" }}
{% endfor %}

create table printed.document_register as
select
    document_id, '{{ instrument }}' as instrument, {{ year }} as edition_year,
    {% if instrument == "agency_performance" %}
    {{ quarter }} as fiscal_quarter, any_value(agency_name) as subject_name,
    {% endif %}
    'Dokumen bangkitan untuk pengukuran' as title, 'Generated for measuring' as title_en,
    'python -m benchmark generate' as issuer, 'none' as file_name, date '2026-01-01' as added_on
from printed.{{ printed[0] }} group by document_id order by document_id;
