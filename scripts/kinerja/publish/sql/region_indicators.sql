-- The printed scores at the ends of the tree of one region in one edition, with their place in the document: region_indicators('15.71', 'smart_city', 2021).
-- Nilai tercetak di ujung pohon satu daerah dalam satu edisi, dengan letaknya di dokumen.
create macro region_indicators(region, of_instrument, in_year) as table
select
    components.parent_code,
    scores.component_code,
    components.label_id,
    components.label_en,
    scores.score_printed,
    scores.score_published,
    scores.document_id,
    scores.table_id,
    scores.row_no,
    scores.column_name,
    scores.source_line
from marts.index_scores as scores
inner join marts.score_components as components
    using (instrument, edition_year, component_code)
anti join marts.score_components as below
    on
        scores.instrument = below.instrument
        and scores.edition_year = below.edition_year
        and scores.component_code = below.parent_code
where
    scores.region_code = region
    and scores.instrument = of_instrument
    and scores.edition_year = in_year
    and (select bool_and(is_region(region)) from (values (1)))
    and (select bool_and(is_edition(of_instrument, in_year)) from (values (1)))
order by components.sort_order
