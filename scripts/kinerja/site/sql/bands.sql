-- One row per grade of an evaluation, from the highest.
with instruments as (
    select distinct instrument, instrument_label_id as instrument_id, instrument_label_en as instrument_en
    from marts.documents
)

select bands.*, instruments.instrument_id, instruments.instrument_en
from marts.grade_bands as bands
inner join instruments on bands.instrument = instruments.instrument
order by bands.instrument, bands.valid_from, bands.band_order
