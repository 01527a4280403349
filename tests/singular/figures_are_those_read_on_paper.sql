-- What somebody read in a document, or worked out by hand from it, is what the marts have. A document of which nothing
-- was read there is no fault.
{{ figures_that_differ(ref('expected_figures'), [
    ref('accountability'), ref('agencies'), ref('budget_outturn'), ref('budget_pace'), ref('budget_realization'),
    ref('digit_screens'), ref('documents'), ref('findings'), ref('grade_bands'), ref('grade_distance'), ref('improvement_decomposition'),
    ref('index_rankings'), ref('index_scores'), ref('island_groups'), ref('missing_regions'), ref('narrative_figures'),
    ref('narratives'), ref('note_topics'), ref('peer_benchmarks'), ref('peer_groups'), ref('printed_words'),
    ref('public_service'), ref('rank_uncertainty'), ref('recommendations'), ref('reconciliation'),
    ref('reference_pace'), ref('region_profiles'), ref('regions'), ref('repair_searches'), ref('repairs'),
    ref('rule_candidates'), ref('rule_sources'), ref('rules'), ref('scenario_rankings'), ref('scenario_weights'),
    ref('scenarios'), ref('score_components'), ref('score_contributions'), ref('score_intervals'), ref('smart_city'),
    ref('source_coverage'), ref('target_achievement'), ref('time_spine'), ref('top_lists'), ref('unchecked_figures'),
    ref('weight_draws'), ref('weight_rankings'), ref('weight_sensitivity'), ref('weight_uncertainty'),
    ref('witnesses'),
]) }}
