-- What somebody read in a document, or worked out by hand from it, is what the marts have. A document of which nothing
-- was read there is no fault.
{{ figures_that_differ(ref('expected_figures'), [
    ref('accountability'), ref('agencies'), ref('budget_realization'), ref('documents'), ref('findings'),
    ref('index_rankings'), ref('index_scores'), ref('missing_regions'), ref('public_service'), ref('recommendations'),
    ref('reconciliation'), ref('regions'), ref('rule_candidates'), ref('score_components'), ref('smart_city'),
    ref('source_coverage'), ref('target_achievement'), ref('time_spine'), ref('unchecked_figures'),
]) }}
