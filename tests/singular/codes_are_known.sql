-- Each value of a reference seed leads where its properties say, or is one of those they name.
{{ unknown_codes([
    ref('achievement_formulas'), ref('analysis_limits'), ref('candidate_rules'), ref('candidate_weights'),
    ref('cross_checks'), ref('discrepancy_causes'), ref('document_register'), ref('expected_figures'),
    ref('expected_rows'), ref('grade_bands'), ref('instruments'), ref('island_groups'), ref('known_discrepancies'),
    ref('narrative_templates'), ref('official_regions'), ref('outturn_grades'), ref('reference_pace'),
    ref('control_totals'), ref('corrections'), ref('fact_wordings'), ref('region_names'), ref('rule_sources'), ref('rules'),
    ref('scenario_weights'), ref('scenarios'), ref('screens'), ref('slips'),
    ref('score_trees'), ref('source_gaps'), ref('target_indicators'), ref('weight_uncertainty'),
]) }}
