-- One row per score of a region and edition, at any depth: as printed, what it may be, its peers of the same kind.
with verdicts as (
    select
        reconciliation.document_id,
        reconciliation.edition_year,
        reconciliation.subject_code as region_code,
        reconciliation.component_code,
        any_value(reconciliation.rule_id) as rule_id,
        any_value(reconciliation.low) as low,
        any_value(reconciliation.high) as high,
        any_value(reconciliation.recomputed) as recomputed,
        any_value(reconciliation.detection_power) as detection_power
    from marts.reconciliation as reconciliation
    -- Grades and orders have a text in place of a number.
    where reconciliation.recomputed_text is null
    group by all
)

select
    scores.region_code,
    scores.document_id,
    scores.edition_year,
    scores.component_code,
    components.component_depth,
    components.label_id,
    components.label_en,
    components.parent_code,
    components.weight,
    components.printed_step,
    components.score_min,
    components.score_max,
    scores.score_printed,
    scores.score_published,
    scores.absence_code,
    scores.children_expected,
    scores.children_printed,
    coalesce(verdicts.recomputed, scores.score_recomputed) as recomputed,
    coalesce(verdicts.low, scores.score_low) as low,
    coalesce(verdicts.high, scores.score_high) as high,
    scores.verdict,
    100 * verdicts.detection_power as power_pct,
    scores.is_disputed,
    verdicts.rule_id,
    scores.table_id,
    scores.row_no,
    scores.column_name,
    scores.source_line,
    peers.mean,
    peers.quartile_1,
    peers.median,
    peers.quartile_3,
    peers.best,
    peers.best_region_code,
    peers.gap,
    peers.rank,
    peers.rank_best,
    peers.rank_worst,
    peers.group_size
from marts.index_scores as scores
inner join marts.score_components as components
    on
        scores.instrument = components.instrument
        and scores.edition_year = components.edition_year
        and scores.component_code = components.component_code
inner join marts.regions as regions on scores.region_code = regions.region_code
left join verdicts
    on
        scores.document_id = verdicts.document_id
        and scores.edition_year = verdicts.edition_year
        and scores.region_code = verdicts.region_code
        and scores.component_code = verdicts.component_code
left join marts.peer_benchmarks as peers
    on
        scores.document_id = peers.document_id
        and scores.edition_year = peers.edition_year
        and scores.region_code = peers.region_code
        and scores.component_code = peers.component_code
        and peers.peer_group = regions.region_type
order by scores.region_code, scores.document_id, scores.edition_year, components.sort_order
