-- Everything evaluated of one region, one row per edition and total or score of the level below: published, recomputed, verdict with its power (the share of misprints that would be noticed), rank among its kind: region_scorecard('15.71').
-- Semua nilai satu daerah, satu baris per edisi dan nilai akhir atau nilai tingkat di bawahnya.
create macro region_scorecard(region) as table
select
    scores.instrument,
    scores.edition_year,
    scores.component_code,
    components.label_id,
    components.label_en,
    components.component_level,
    components.weight,
    scores.score_printed,
    scores.score_published,
    scores.score_recomputed,
    scores.score_low,
    scores.score_high,
    scores.verdict,
    verdicts.detection_power,
    scores.is_disputed,
    -- Only totals are ranked. Said here, as DuckDB would not hash a join with the condition in it.
    case when components.component_depth = 0 then rankings.rank end as rank,
    case when components.component_depth = 0 then rankings.group_size end as group_size,
    case when components.component_depth = 0 then rankings.peer_group end as peer_group,
    scores.document_id
from marts.index_scores as scores
inner join marts.score_components as components
    using (instrument, edition_year, component_code)
left join marts.index_rankings as rankings
    on
        scores.document_id = rankings.document_id
        and scores.edition_year = rankings.edition_year
        and scores.region_code = rankings.region_code
        and rankings.region_code = region
        and rankings.peer_group != 'all'
left join marts.reconciliation as verdicts
    on
        scores.document_id = verdicts.document_id
        and scores.table_id = verdicts.table_id
        and scores.row_no = verdicts.row_no
        and scores.column_name = verdicts.column_name
        -- As verdicts are laid out by region, the others are not read.
        and verdicts.subject_code = region
        and verdicts.recomputed_text is null
where
    scores.region_code = region
    and components.component_depth <= 1
    and (select bool_and(is_region(region)) from (values (1)))
order by scores.instrument, scores.edition_year, components.sort_order
