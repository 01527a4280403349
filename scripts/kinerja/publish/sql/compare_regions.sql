-- Two regions side by side, one row per total and score of the level below that either of them has: compare_regions('15.71', '16.71').
-- Dua daerah berdampingan, satu baris per nilai akhir dan nilai tingkat di bawahnya.
create macro compare_regions(one, other) as table
select
    scores.instrument,
    scores.edition_year,
    scores.component_code,
    any_value(components.label_id) as label_id,
    any_value(components.label_en) as label_en,
    max(scores.score_published) filter (where scores.region_code = one) as score_one,
    max(scores.score_published) filter (where scores.region_code = other) as score_other,
    max(scores.score_published) filter (where scores.region_code = one)
    - max(scores.score_published) filter (where scores.region_code = other) as points_ahead
from marts.index_scores as scores
inner join marts.score_components as components
    using (instrument, edition_year, component_code)
where
    scores.region_code in (one, other)
    and components.component_depth <= 1
    and scores.score_published is not null
    and (select bool_and(is_region(one)) from (values (1)))
    and (select bool_and(is_region(other)) from (values (1)))
group by scores.instrument, scores.edition_year, scores.component_code
order by scores.instrument, scores.edition_year, any_value(components.sort_order)
