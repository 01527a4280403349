with figures as (
    -- A moved unit can fit from several rows; the figure counts once.
    select
        candidate_id,
        rule_id,
        document_id,
        subject_code,
        verdict,
        bool_or(is_explained) as is_explained
    from {{ ref('int_candidates__figures') }}
    group by candidate_id, rule_id, document_id, subject_code, verdict
)

select
    figures.document_id,
    figures.rule_id,
    figures.candidate_id,
    candidates.label_id,
    candidates.label_en,
    candidates.source_code,
    count(*) as figures_tried,
    count(*) filter (where figures.is_explained) as figures_explained,
    count(*) filter (where figures.verdict = 'outside') as outside_figures,
    count(*) filter (where figures.verdict = 'outside' and figures.is_explained) as outside_figures_explained
from figures
inner join {{ ref('candidate_rules') }} as candidates on figures.candidate_id = candidates.candidate_id
group by
    figures.document_id, figures.rule_id, figures.candidate_id,
    candidates.label_id, candidates.label_en, candidates.source_code
