-- One row per grade of an evaluation, from the highest.
select bands.*, instruments.label_id as instrument_id, instruments.label_en as instrument_en
from memory.reference.grade_bands as bands
inner join memory.reference.instruments as instruments on bands.instrument = instruments.instrument
where bands.instrument in (select instrument from marts.documents)
order by bands.instrument, bands.valid_from, bands.band_order
