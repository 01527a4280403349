-- A candidate is tried on each figure of its rule that can be worked out, or, where it moves a unit, on those that are
-- outside; it never explains more figures than it was tried on. A candidate that weighs and rounds as the rule itself
-- does explains exactly what reconciliation calls exact.
with verdicts as (
    select
        document_id,
        edition_year,
        rule_id,
        count(recomputed) as figures,
        count(case when verdict = 'exact' then 1 end) as exact_figures,
        count(case when verdict = 'outside' then 1 end) as outside_figures
    from {{ ref('reconciliation') }}
    group by document_id, edition_year, rule_id
),

candidates as (
    select * from {{ ref('candidate_rules') }}
),

children as (
    select
        rules.rule_id,
        components.edition_year,
        components.component_code,
        case parents.aggregation when 'weighted_mean' then components.weight else 1 end as factor
    from {{ ref('score_components') }} as components
    inner join {{ ref('score_components') }} as parents
        on
            components.instrument = parents.instrument
            and components.edition_year = parents.edition_year
            and components.parent_code = parents.component_code
    inner join {{ ref('rules') }} as rules
        on
            parents.instrument = rules.instrument
            and parents.component_level = rules.component_level
),

in_use as (
    select
        candidates.candidate_id,
        candidates.rule_id,
        children.edition_year
    from candidates
    inner join children on candidates.rule_id = children.rule_id
    left join {{ ref('candidate_weights') }} as weights
        on
            candidates.candidate_id = weights.candidate_id
            and children.component_code = weights.component_code
    where
        candidates.absent_units = 'skip'
        and candidates.rounding = 'half_up'
        and candidates.moved_component is null
    group by candidates.candidate_id, candidates.rule_id, children.edition_year
    having bool_and(coalesce(weights.weight = children.factor, false))
),

checked as (
    select
        tried.document_id,
        tried.candidate_id,
        concat_ws(
            '; ',
            case
                when
                    tried.rule_id is distinct from candidates.rule_id
                    or tried.label_id is distinct from candidates.label_id
                    or tried.label_en is distinct from candidates.label_en
                    or tried.source_code is distinct from candidates.source_code
                    then 'its rule, labels or source are not those of seeds/reference/candidate_rules.csv'
            end,
            case
                when
                    candidates.moved_component is null
                    and (tried.figures_tried != verdicts.figures or tried.outside_figures != verdicts.outside_figures)
                    or candidates.moved_component is not null
                    and (
                        tried.figures_tried != tried.outside_figures or tried.outside_figures > verdicts.outside_figures
                    )
                    then concat(
                        'tried on ',
                        tried.figures_tried,
                        ' figures, ',
                        tried.outside_figures,
                        ' of them outside; reconciliation has ',
                        verdicts.figures, ' and ', verdicts.outside_figures
                    )
            end,
            case
                when
                    tried.outside_figures_explained > tried.outside_figures
                    or tried.figures_explained - tried.outside_figures_explained
                    > tried.figures_tried - tried.outside_figures
                    then 'it explains more than it was tried on'
            end,
            case
                when
                    in_use.candidate_id is not null
                    and (tried.figures_explained != verdicts.exact_figures or tried.outside_figures_explained != 0)
                    then
                        concat(
                            'the rule in use explains ',
                            tried.figures_explained,
                            ' figures; reconciliation calls ',
                            verdicts.exact_figures,
                            ' exact'
                        )
            end
        ) as faults
    from {{ ref('rule_candidates') }} as tried
    left join verdicts
        on
            tried.document_id = verdicts.document_id
            and tried.rule_id = verdicts.rule_id
    left join candidates on tried.candidate_id = candidates.candidate_id
    left join in_use
        on
            tried.candidate_id = in_use.candidate_id
            and verdicts.edition_year = in_use.edition_year
),

-- Documents that a candidate without a moved unit should have been tried on, and rules that no candidate follows.
left_out as (
    select
        verdicts.document_id,
        candidates.candidate_id,
        'it was not tried' as faults
    from verdicts
    inner join candidates
        on
            verdicts.rule_id = candidates.rule_id
            and candidates.moved_component is null
    left join {{ ref('rule_candidates') }} as tried
        on
            verdicts.document_id = tried.document_id
            and candidates.candidate_id = tried.candidate_id
    where
        verdicts.figures > 0
        and tried.candidate_id is null
    union all
    select
        'every document' as document_id,
        tried.rule_id as candidate_id,
        'no candidate weighs and rounds as the rule itself does' as faults
    from candidates as tried
    left join in_use on tried.rule_id = in_use.rule_id
    group by tried.rule_id
    having count(in_use.candidate_id) = 0
)

select concat('rule_candidates, ', document_id, ', ', candidate_id, ': ', faults) as message
from (
    select * from checked
    where faults != ''
    union all
    select * from left_out
) as faulty
