-- The name that what_if had in 0.1, for one evaluation: what_if_smart_city(baseline := 0.2, outcome := 0.2).
-- Nama what_if pada versi 0.1, untuk satu evaluasi.
create macro what_if_smart_city(
    baseline := 0.1, output := 0.2, quick_win := 0.2, impact := 0.2, outcome := 0.3, in_year := null
) as table
from what_if(
    'smart_city',
    {'baseline': baseline, 'output': output, 'quick_win': quick_win, 'impact': impact, 'outcome': outcome},
    in_year
)
