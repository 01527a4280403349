{#- How a figure is found again: the key columns of its mart, and where their values stand here. -#}
{%- set region = {'region_code': 'region_code'} -%}
{%- set total = {'document_id': 'document_id', 'edition_year': 'edition_year', 'region_code': 'region_code'} -%}
{%- set score = dict(total, component_code='total_code') -%}
{%- set ranking = dict(total, peer_group='peer_group', cause='cause') -%}
{%- set benchmark = dict(score, peer_group='peer_group') -%}
{%- set component = {'instrument': 'instrument', 'edition_year': 'edition_year', 'component_code': 'total_code'} -%}
{%- set line = {
    'agency_code': 'agency_code', 'fiscal_year': 'fiscal_year', 'quarter': 'quarter', 'line_code': 'line_code',
} -%}
{%- set indicator = {'document_id': 'document_id', 'indicator_code': 'indicator_code'} -%}

{#-
    What each sentence tells. Per name: how it is written, the mart, its column and its key. The steps below have a column
    of the same name; words in two languages have _id and _en behind it, here and in the mart.
-#}
{%- set standing = {
    'evaluation': ['words', 'score_components', 'label', component],
    'year': ['whole', 'rank_uncertainty', 'edition_year', ranking],
    'region': ['word', 'regions', 'region_name', region],
    'score': ['score', 'score_intervals', 'score', score],
    'rank': ['whole', 'rank_uncertainty', 'rank', ranking],
    'group_size': ['whole', 'rank_uncertainty', 'group_size', ranking],
    'peers': ['words', 'peer_groups', none, none],
} -%}
{%- set changed = dict(total, component_code='changed_code') -%}
{%- set moved = {
    'previous_total': ['score', 'improvement_decomposition', 'previous_total', changed],
    'total_change': ['score', 'improvement_decomposition', 'total_change', changed],
} -%}
{%- set sentences = {
    'not_evaluated': {'region': ['word', 'regions', 'region_name', region]},
    'standing_alone': {
        'evaluation': standing.evaluation, 'year': standing.year, 'region': standing.region, 'score': standing.score,
    },
    'standing_sure': standing,
    'standing_open': dict(
        standing,
        rank_best=['whole', 'rank_uncertainty', 'rank_best', ranking],
        rank_worst=['whole', 'rank_uncertainty', 'rank_worst', ranking],
    ),
    'disputed': {'score_recomputed': ['score', 'score_intervals', 'score_recomputed', score]},
    'peers': {
        'peers': standing.peers,
        'mean': ['score', 'peer_benchmarks', 'mean', benchmark],
        'median': ['score', 'peer_benchmarks', 'median', benchmark],
        'best': ['score', 'peer_benchmarks', 'best', benchmark],
        'best_region': ['word', 'regions', 'region_name', {'region_code': 'best_region_code'}],
    },
    'components': {
        'strongest': ['words', 'score_components', 'label', dict(component, component_code='strongest_code')],
        'strongest_value': ['score', 'peer_benchmarks', 'value', dict(benchmark, component_code='strongest_code')],
        'strongest_rank': ['whole', 'peer_benchmarks', 'rank', dict(benchmark, component_code='strongest_code')],
        'strongest_size': ['whole', 'peer_benchmarks', 'group_size', dict(benchmark, component_code='strongest_code')],
        'weakest': ['words', 'score_components', 'label', dict(component, component_code='weakest_code')],
        'weakest_value': ['score', 'peer_benchmarks', 'value', dict(benchmark, component_code='weakest_code')],
        'weakest_rank': ['whole', 'peer_benchmarks', 'rank', dict(benchmark, component_code='weakest_code')],
        'weakest_size': ['whole', 'peer_benchmarks', 'group_size', dict(benchmark, component_code='weakest_code')],
    },
    'grade_next': {
        'grade': ['word', 'grade_distance', 'grade', total],
        'next_grade': ['word', 'grade_distance', 'next_grade', total],
        'next_grade_from': ['score', 'grade_distance', 'next_grade_from', total],
        'points_missing': ['score', 'grade_distance', 'points_missing', total],
    },
    'grade_top': {'grade': ['word', 'grade_distance', 'grade', total]},
    'grade_open': {
        'grade_lowest': ['word', 'grade_distance', 'grade_lowest', total],
        'grade_highest': ['word', 'grade_distance', 'grade_highest', total],
    },
    'grade_other': {'grade_printed': ['word', 'grade_distance', 'grade_printed', total]},
    'change_known': dict(
        moved,
        component=['words', 'score_components', 'label', dict(component, component_code='changed_code')],
        change=['score', 'improvement_decomposition', 'change', changed],
    ),
    'change_only': moved,
    'change_of_weights': moved,
    'realized': {
        'agency': ['word', 'agencies', 'agency_name', {'agency_code': 'agency_code'}],
        'year': ['whole', 'budget_pace', 'fiscal_year', line],
        'quarter': ['whole', 'budget_pace', 'quarter', line],
        'realized': ['amount', 'budget_pace', 'cumulative_realization_rupiah', line],
        'ceiling': ['amount', 'budget_pace', 'ceiling_rupiah', line],
        'realized_pct': ['percent', 'budget_pace', 'cumulative_realization_pct', line],
        'reference_pct': ['percent', 'budget_pace', 'reference_pct', line],
    },
    'unspent': {
        'unspent': ['amount', 'budget_pace', 'year_unspent_rupiah', line],
        'last_quarter_pct': ['percent', 'budget_pace', 'last_quarter_share_pct', line],
    },
    'program': {
        'line': ['word', 'budget_pace', 'line_name', line],
        'realized_pct': ['percent', 'budget_pace', 'cumulative_realization_pct', line],
        'unspent': ['amount', 'budget_pace', 'year_unspent_rupiah', line],
    },
    'line_lost': {
        'line': ['word', 'budget_pace', 'line_name', line],
        'line_code': ['word', 'budget_pace', 'line_code', line],
    },
    'target_reached': {
        'indicator': ['word', 'target_achievement', 'indicator_name', indicator],
        'target': ['score', 'target_achievement', 'target', indicator],
        'realization': ['score', 'target_achievement', 'realization', indicator],
        'achievement_pct': ['percent', 'target_achievement', 'achievement_pct', indicator],
    },
    'target_open': {
        'indicator': ['word', 'target_achievement', 'indicator_name', indicator],
        'target': ['score', 'target_achievement', 'target', indicator],
    },
} -%}

-- Every figure of every narrative, with the mart, the column and the row that it stands in.
with regions as (
    select * from {{ ref('regions') }}
),

components as (
    select * from {{ ref('score_components') }}
),

-- The latest edition of each evaluation of a region, among its own kind.
rankings as (
    select
        ranks.document_id,
        ranks.instrument,
        ranks.edition_year,
        ranks.region_code,
        ranks.peer_group,
        ranks.cause,
        ranks.rank,
        ranks.rank_best,
        ranks.rank_worst,
        ranks.group_size,
        regions.region_name as region,
        row_number() over (
            partition by ranks.region_code, ranks.instrument order by ranks.edition_year desc, ranks.document_id asc
        ) as recency
    from {{ ref('rank_uncertainty') }} as ranks
    inner join regions
        on
            ranks.region_code = regions.region_code
            and ranks.peer_group = regions.region_type
    where
        ranks.cause = 'all'
        and ranks.rank is not null
),

evaluations as (
    select
        rankings.*,
        rankings.edition_year as year,
        dense_rank() over (partition by rankings.region_code order by rankings.instrument) as item_no,
        components.component_code as total_code,
        components.label_id as evaluation_id,
        components.label_en as evaluation_en,
        lower(kinds.label_id) as peers_id,
        lower(kinds.label_en) as peers_en,
        scores.score,
        scores.score_recomputed,
        scores.is_disputed,
        benchmarks.mean,
        benchmarks.median,
        benchmarks.best,
        benchmarks.best_region_code,
        best_regions.region_name as best_region,
        grades.grade,
        grades.grade_printed,
        grades.next_grade,
        grades.next_grade_from,
        grades.points_missing,
        grades.grade_lowest,
        grades.grade_highest
    from rankings
    inner join components
        on
            rankings.instrument = components.instrument
            and rankings.edition_year = components.edition_year
            and components.component_depth = 0
    inner join {{ ref('peer_kinds') }} as kinds on rankings.peer_group = kinds.peer_kind
    inner join {{ ref('score_intervals') }} as scores
        on
            rankings.document_id = scores.document_id
            and rankings.edition_year = scores.edition_year
            and rankings.region_code = scores.region_code
            and components.component_code = scores.component_code
    inner join {{ ref('peer_benchmarks') }} as benchmarks
        on
            rankings.document_id = benchmarks.document_id
            and rankings.edition_year = benchmarks.edition_year
            and rankings.region_code = benchmarks.region_code
            and components.component_code = benchmarks.component_code
            and rankings.peer_group = benchmarks.peer_group
    inner join regions as best_regions on benchmarks.best_region_code = best_regions.region_code
    left join {{ ref('grade_distance') }} as grades
        on
            rankings.document_id = grades.document_id
            and rankings.edition_year = grades.edition_year
            and rankings.region_code = grades.region_code
    where rankings.recency = 1
),

-- The component with the best place among its peers, and the one with the worst.
placed_components as (
    select
        evaluations.document_id,
        evaluations.edition_year,
        evaluations.region_code,
        benchmarks.component_code,
        benchmarks.value,
        benchmarks.rank,
        benchmarks.group_size,
        components.label_id,
        components.label_en,
        row_number() over from_the_top as from_strongest,
        row_number() over from_the_bottom as from_weakest
    from evaluations
    inner join {{ ref('peer_benchmarks') }} as benchmarks
        on
            evaluations.document_id = benchmarks.document_id
            and evaluations.edition_year = benchmarks.edition_year
            and evaluations.region_code = benchmarks.region_code
            and evaluations.peer_group = benchmarks.peer_group
            and benchmarks.component_depth = 1
            and benchmarks.percentile is not null
    inner join components
        on
            evaluations.instrument = components.instrument
            and benchmarks.edition_year = components.edition_year
            and benchmarks.component_code = components.component_code
    window
        from_the_top as (
            partition by evaluations.document_id, evaluations.edition_year, evaluations.region_code
            order by benchmarks.percentile desc, benchmarks.component_code asc
        ),
        from_the_bottom as (
            partition by evaluations.document_id, evaluations.edition_year, evaluations.region_code
            order by benchmarks.percentile asc, benchmarks.component_code desc
        )
),

extreme_components as (
    select
        evaluations.document_id,
        evaluations.instrument,
        evaluations.edition_year,
        evaluations.region_code,
        evaluations.peer_group,
        evaluations.item_no,
        strongest.component_code as strongest_code,
        strongest.label_id as strongest_id,
        strongest.label_en as strongest_en,
        strongest.value as strongest_value,
        strongest.rank as strongest_rank,
        strongest.group_size as strongest_size,
        weakest.component_code as weakest_code,
        weakest.label_id as weakest_id,
        weakest.label_en as weakest_en,
        weakest.value as weakest_value,
        weakest.rank as weakest_rank,
        weakest.group_size as weakest_size
    from evaluations
    inner join placed_components as strongest
        on
            evaluations.document_id = strongest.document_id
            and evaluations.edition_year = strongest.edition_year
            and evaluations.region_code = strongest.region_code
            and strongest.from_strongest = 1
    inner join placed_components as weakest
        on
            evaluations.document_id = weakest.document_id
            and evaluations.edition_year = weakest.edition_year
            and evaluations.region_code = weakest.region_code
            and weakest.from_weakest = 1
    where strongest.component_code != weakest.component_code
),

-- The component that moved most, where that is known; else any, as all carry the change of the total.
ordered_changes as (
    select
        *,
        row_number() over (
            partition by document_id, edition_year, region_code order by abs(change) desc, component_no asc
        ) as from_largest
    from {{ ref('improvement_decomposition') }}
),

changes as (
    select
        evaluations.document_id,
        evaluations.instrument,
        evaluations.edition_year,
        evaluations.region_code,
        evaluations.item_no,
        changes.component_code as changed_code,
        components.label_id as component_id,
        components.label_en as component_en,
        changes.previous_total,
        changes.total_change,
        changes.change,
        changes.withheld_reason
    from evaluations
    inner join ordered_changes as changes
        on
            evaluations.document_id = changes.document_id
            and evaluations.edition_year = changes.edition_year
            and evaluations.region_code = changes.region_code
            and changes.from_largest = 1
    inner join components
        on
            evaluations.instrument = components.instrument
            and evaluations.edition_year = components.edition_year
            and changes.component_code = components.component_code
),

not_evaluated as (
    select
        regions.region_code,
        regions.region_name as region,
        cast(null as string) as document_id,
        1 as item_no
    from regions
    left join evaluations on regions.region_code = evaluations.region_code
    where evaluations.region_code is null
),

-- The latest form of an agency.
agency_lines as (
    select
        pace.*,
        agencies.agency_name as agency,
        dense_rank() over (partition by pace.agency_code order by pace.fiscal_year desc, pace.quarter desc) as recency,
        row_number() over (
            partition by pace.agency_code, pace.fiscal_year, pace.quarter order by pace.line_code
        ) as item_no
    from {{ ref('budget_pace') }} as pace
    inner join {{ ref('agencies') }} as agencies on pace.agency_code = agencies.agency_code
),

told_lines as (
    select
        *,
        fiscal_year as year,
        line_name as line,
        cumulative_realization_rupiah as realized,
        ceiling_rupiah as ceiling,
        cumulative_realization_pct as realized_pct,
        year_unspent_rupiah as unspent,
        last_quarter_share_pct as last_quarter_pct
    from agency_lines
    where recency = 1
),

targets as (
    select
        *,
        indicator_name as indicator,
        dense_rank() over (partition by agency_code order by fiscal_year desc, quarter desc) as recency,
        -- After all lines.
        1000000 + row_no as item_no
    from {{ ref('target_achievement') }}
),

told_targets as (
    select * from targets
    where
        recency = 1
        and target is not null
),

{%- set sources = {
    'not_evaluated': ['region', 'region_code', 'not_evaluated', 'true'],
    'standing_alone': ['region', 'region_code', 'evaluations', 'group_size = 1'],
    'standing_sure': ['region', 'region_code', 'evaluations', 'group_size > 1 and rank_best = rank_worst'],
    'standing_open': ['region', 'region_code', 'evaluations', 'group_size > 1 and rank_best < rank_worst'],
    'disputed': ['region', 'region_code', 'evaluations', 'is_disputed and score_recomputed is not null'],
    'peers': ['region', 'region_code', 'evaluations', 'group_size > 1'],
    'components': ['region', 'region_code', 'extreme_components', 'true'],
    'grade_next': ['region', 'region_code', 'evaluations', 'grade is not null and next_grade is not null'],
    'grade_top': ['region', 'region_code', 'evaluations', 'grade is not null and next_grade is null'],
    'grade_open': ['region', 'region_code', 'evaluations', 'grade_lowest != grade_highest'],
    'grade_other': ['region', 'region_code', 'evaluations', 'grade_printed != grade'],
    'change_known': ['region', 'region_code', 'changes', 'change is not null'],
    'change_only': ['region', 'region_code', 'changes', "withheld_reason = 'only_last_total_printed'"],
    'change_of_weights': ['region', 'region_code', 'changes', "withheld_reason = 'weighed_otherwise'"],
    'realized': ['agency', 'agency_code', 'told_lines', "line_code = '0' and realized is not null and reference_pct is not null"],
    'unspent': ['agency', 'agency_code', 'told_lines', "line_code = '0' and unspent is not null and last_quarter_pct is not null"],
    'program': ['agency', 'agency_code', 'told_lines', "parent_line_code = '0' and unspent is not null"],
    'line_lost': ['agency', 'agency_code', 'told_lines', "year_withheld_reason = 'quarter_lost'"],
    'target_reached': ['agency', 'agency_code', 'told_targets', 'realization is not null and achievement_pct is not null'],
    'target_open': ['agency', 'agency_code', 'told_targets', 'realization is null'],
} %}

figures as (
    {%- for sentence, names in sentences.items() %}
        {%- set subject_kind, subject_code, relation, condition = sources[sentence] %}
        {%- for name, (kind, mart, column, key) in names.items() %}
            select
                '{{ subject_kind }}' as subject_kind,
                {{ subject_code }} as subject_code,
                document_id,
                '{{ sentence }}' as sentence_code,
                cast(item_no as integer) as item_no,
                '{{ name }}' as figure_name,
                '{{ kind }}' as figure_kind,
                {%- for language in ['id', 'en'] %}
                    {%- set figure = name ~ '_' ~ language if kind == 'words' else name %}
                    {{ figure_text(figure, 'word' if kind == 'words' else kind, language) }} as text_{{ language }},
                {%- endfor %}
                '{{ mart }}' as mart_name,
                {{ "'" ~ column ~ "'" if column else 'cast(null as string)' }} as column_name,
                {{ row_condition(key) if key else 'cast(null as string)' }} as row_condition
            from {{ relation }}
            where {{ condition }}
            {%- if not loop.last %}
                union all
            {%- endif %}
        {%- endfor %}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from figures
