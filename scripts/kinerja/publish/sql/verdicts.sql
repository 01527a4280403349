-- How the published figures of one document stand, per rule: verdicts('smart_city_2021').
-- Putusan atas angka terbitan satu dokumen, per aturan.
create macro verdicts(of_document) as table
select
    rule_id,
    count(*) as figures,
    count(*) filter (where verdict = 'exact') as exact,
    count(*) filter (where verdict = 'within_rounding') as within_rounding,
    count(*) filter (where verdict = 'within_bounds') as within_bounds,
    count(*) filter (where verdict = 'outside') as outside,
    count(*) filter (where verdict = 'not_computable') as not_computable,
    -- Of the misprints that these figures can have, the share that would be noticed, on average.
    round(avg(detection_power), 4) as detection_power
from marts.reconciliation
where
    document_id = of_document
    and (select bool_and(is_document(of_document)) from (values (1)))
group by rule_id
order by rule_id
