{%- set told = {
    'rank_uncertainty': [
        ['document_id', 'edition_year', 'region_code', 'peer_group', 'cause'],
        ['edition_year', 'rank', 'group_size', 'rank_best', 'rank_worst'],
    ],
    'score_intervals': [
        ['document_id', 'edition_year', 'region_code', 'component_code'],
        ['score', 'score_recomputed'],
    ],
    'peer_benchmarks': [
        ['document_id', 'edition_year', 'region_code', 'component_code', 'peer_group'],
        ['mean', 'median', 'best', 'value', 'rank', 'group_size'],
    ],
    'grade_distance': [
        ['document_id', 'edition_year', 'region_code'],
        ['next_grade_from', 'points_missing'],
    ],
    'improvement_decomposition': [
        ['document_id', 'edition_year', 'region_code', 'component_code'],
        ['previous_total', 'total_change', 'change'],
    ],
    'budget_pace': [
        ['agency_code', 'fiscal_year', 'quarter', 'line_code'],
        [
            'fiscal_year', 'quarter', 'cumulative_realization_rupiah', 'ceiling_rupiah', 'cumulative_realization_pct',
            'reference_pct', 'year_unspent_rupiah', 'last_quarter_share_pct',
        ],
    ],
    'target_achievement': [
        ['document_id', 'indicator_code'],
        ['target', 'realization', 'achievement_pct'],
    ],
} -%}

-- Narratives, from the other side. Which sentences a region or agency must have follows from the marts; a number reads
-- in both languages as the row that it names has it, and that row is of this subject; and a paragraph is as long as its
-- sentences with their figures in the place of the names in braces, and holds each figure.
with figures as (
    select * from {{ ref('narrative_figures') }}
),

-- Each figure beside the number of the row that it names.
numbers as (
    {%- for mart, (key, columns) in told.items() %}
        select
            figures.subject_kind,
            figures.subject_code,
            figures.sentence_code,
            figures.item_no,
            figures.figure_name,
            case figures.column_name
                {%- for column in columns %}
                    when '{{ column }}' then cast(mart_rows.{{ column }} as decimal(38, 6))
                {%- endfor %}
            end as number
        from figures
        inner join {{ ref(mart) }} as mart_rows
            on
                figures.mart_name = '{{ mart }}'
                and figures.row_condition = concat_ws(
                    ' and ',
                    {%- for name in key %}
                        concat('{{ name }} = ''', mart_rows.{{ name }}, ''''){{ ',' if not loop.last }}
                    {%- endfor %}
                )
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

wrong_figures as (
    select
        concat_ws(
            ', ', 'narrative_figures', figures.subject_code, figures.sentence_code, figures.figure_name,
            concat(figures.text_id, ' and ', figures.text_en, ' are not the number of its row')
        ) as message
    from figures
    left join numbers
        on
            figures.subject_kind = numbers.subject_kind
            and figures.subject_code = numbers.subject_code
            and figures.sentence_code = numbers.sentence_code
            and figures.item_no = numbers.item_no
            and figures.figure_name = numbers.figure_name
    where
        figures.figure_kind not in ('word', 'words')
        and not coalesce(
            figures.text_id = translate(figures.text_en, '.,', ',.')
            and abs(try_cast(replace(figures.text_en, ',', '') as decimal(38, 6)) - numbers.number)
            <= case when figures.figure_kind in ('score', 'percent') then 0.005 else 0 end
            and (figures.figure_kind in ('score', 'percent')) = (figures.text_en like '%.__')
            and (
                figures.row_condition like concat('%_code = ''', figures.subject_code, '''%')
                or figures.mart_name = 'target_achievement'
            ),
            false
        )
),

-- The latest edition of each evaluation, among its own kind.
latest as (
    select
        *,
        max(edition_year) over (partition by instrument, region_code) as latest_year
    from {{ ref('index_rankings') }}
),

standings as (
    select
        latest.document_id,
        latest.edition_year,
        latest.instrument,
        latest.region_code,
        latest.peer_group,
        latest.group_size,
        ranks.rank_best = ranks.rank_worst as is_sure,
        latest.is_disputed and scores.score_recomputed is not null as is_disputed,
        grades.grade,
        grades.grade_printed,
        grades.next_grade,
        grades.grade_lowest,
        grades.grade_highest
    from latest
    inner join {{ ref('regions') }} as regions
        on
            latest.region_code = regions.region_code
            and latest.peer_group = regions.region_type
            and latest.edition_year = latest.latest_year
    inner join {{ ref('rank_uncertainty') }} as ranks
        on
            latest.document_id = ranks.document_id
            and latest.edition_year = ranks.edition_year
            and latest.region_code = ranks.region_code
            and latest.peer_group = ranks.peer_group
            and ranks.cause = 'all'
    inner join {{ ref('index_scores') }} as scores
        on
            latest.document_id = scores.document_id
            and latest.edition_year = scores.edition_year
            and latest.region_code = scores.region_code
            and scores.component_level = 'index'
    left join {{ ref('grade_distance') }} as grades
        on
            latest.document_id = grades.document_id
            and latest.edition_year = grades.edition_year
            and latest.region_code = grades.region_code
),

compared as (
    select
        standings.region_code,
        standings.instrument,
        count(distinct parts.component_code) as components
    from standings
    inner join {{ ref('peer_benchmarks') }} as parts
        on
            standings.document_id = parts.document_id
            and standings.edition_year = parts.edition_year
            and standings.region_code = parts.region_code
            and standings.peer_group = parts.peer_group
            and parts.component_depth = 1
            and parts.group_size > 1
    group by standings.region_code, standings.instrument
),

changed as (
    select
        standings.region_code,
        standings.instrument,
        max(parts.withheld_reason) as withheld_reason
    from standings
    inner join {{ ref('improvement_decomposition') }} as parts
        on
            standings.document_id = parts.document_id
            and standings.edition_year = parts.edition_year
            and standings.region_code = parts.region_code
    group by standings.region_code, standings.instrument
),

-- Of each agency the lines and targets of its latest form.
lines as (
    select
        *,
        10 * fiscal_year + quarter = max(10 * fiscal_year + quarter) over (partition by agency_code) as is_latest
    from {{ ref('budget_pace') }}
),

targets as (
    select
        *,
        10 * fiscal_year + quarter = max(10 * fiscal_year + quarter) over (partition by agency_code) as is_latest
    from {{ ref('target_achievement') }}
),

due as (
    select
        regions.region_code as subject_code,
        'not_evaluated' as sentence_code
    from {{ ref('regions') }} as regions
    left join latest on regions.region_code = latest.region_code
    where latest.region_code is null
    {%- for sentence, (relation, condition) in {
        "'standing_alone'": ('standings', 'group_size = 1'),
        "case when is_sure then 'standing_sure' else 'standing_open' end": ('standings', 'group_size > 1'),
        "'peers'": ('standings', 'group_size > 1'),
        "'disputed'": ('standings', 'is_disputed'),
        "'grade_next'": ('standings', 'next_grade is not null'),
        "'grade_top'": ('standings', 'grade is not null and next_grade is null'),
        "'grade_open'": ('standings', 'grade_lowest != grade_highest'),
        "'grade_other'": ('standings', 'grade_printed != grade'),
        "'components'": ('compared', 'components > 1'),
        "'change_known'": ('changed', 'withheld_reason is null'),
        "'change_only'": ('changed', "withheld_reason = 'only_last_total_printed'"),
        "'change_of_weights'": ('changed', "withheld_reason = 'weighed_otherwise'"),
    }.items() %}
        union all
        select
            region_code as subject_code,
            {{ sentence }} as sentence_code
        from {{ relation }}
        where {{ condition }}
    {%- endfor %}
    {%- for sentence, (relation, condition) in {
        "'realized'": ('lines', "line_code = '0' and cumulative_realization_rupiah is not null"),
        "'unspent'": ('lines', "line_code = '0' and year_unspent_rupiah is not null"),
        "'program'": ('lines', "parent_line_code = '0' and year_unspent_rupiah is not null"),
        "'line_lost'": ('lines', "year_withheld_reason = 'quarter_lost'"),
        "case when realization is null then 'target_open' else 'target_reached' end": ('targets', 'target is not null'),
    }.items() %}
        union all
        select
            agency_code as subject_code,
            {{ sentence }} as sentence_code
        from {{ relation }}
        where
            is_latest
            and {{ condition }}
    {%- endfor %}
),

sentences as (
    select
        subject_kind,
        subject_code,
        sentence_code,
        item_no
    from figures
    group by subject_kind, subject_code, sentence_code, item_no
),

wrong_sentences as (
    select
        concat_ws(
            ', ', 'narrative_figures', subject_code, sentence_code,
            concat(sum(written), ' sentence(s), must be ', sum(expected))
        ) as message
    from (
        select
            subject_code,
            sentence_code,
            1 as expected,
            0 as written
        from due
        union all
        select
            subject_code,
            sentence_code,
            0 as expected,
            1 as written
        from sentences
    ) as either
    group by subject_code, sentence_code
    having sum(expected) != sum(written)
),

lengths_of_forms as (
    select
        document_id,
        count(*) as lines
    from {{ ref('budget_pace') }}
    group by document_id
),

-- Places of lines are those of one form.
misplaced as (
    select
        concat_ws(
            ', ', 'narrative_figures', figures.subject_code, figures.sentence_code,
            concat('item ', figures.item_no, ' of ', forms.lines, ' lines')
        ) as message
    from figures
    inner join lengths_of_forms as forms on figures.document_id = forms.document_id
    where
        figures.mart_name = 'budget_pace'
        and figures.item_no > forms.lines
),

lengths as (
    {%- for language in ['id', 'en'] %}
        -- Each template, with a space before it.
        select
            sentences.subject_code,
            '{{ language }}' as language,
            1 + length(templates.template_{{ language }}) as length,
            '' as held
        from sentences
        inner join {{ ref('narrative_templates') }} as templates on sentences.sentence_code = templates.sentence_code
        union all
        -- And what each figure adds to the name in braces, as often as this stands there.
        select
            figures.subject_code,
            '{{ language }}' as language,
            (length(figures.text_{{ language }}) - length(figures.figure_name) - 2) * {{ whole_quotient(
                '(length(templates.template_' ~ language ~ ') - length(replace(templates.template_' ~ language
                ~ ", concat('{', figures.figure_name, '}'), '')))",
                '(length(figures.figure_name) + 2)'
            ) }} as length,
            figures.text_{{ language }} as held
        from figures
        inner join {{ ref('narrative_templates') }} as templates on figures.sentence_code = templates.sentence_code
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

paragraphs as (
    {%- for language in ['id', 'en'] %}
        select
            subject_code,
            '{{ language }}' as language,
            narrative_{{ language }} as narrative
        from {{ ref('narratives') }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

wrong_paragraphs as (
    select
        concat_ws(
            ', ', 'narratives', lengths.subject_code, lengths.language,
            'the paragraph is not its sentences with their figures'
        ) as message
    from lengths
    left join paragraphs
        on
            lengths.subject_code = paragraphs.subject_code
            and lengths.language = paragraphs.language
    group by lengths.subject_code, lengths.language
    having
        coalesce(max(length(paragraphs.narrative)), 0) != sum(lengths.length) - 1
        or min(case when lengths.held != '' then instr(paragraphs.narrative, lengths.held) end) = 0
)

select message from wrong_figures
union all
select message from wrong_sentences
union all
select message from wrong_paragraphs
union all
select message from misplaced
