{% from "changes.sql" import beside_the_tree %}
{# What the sheets show, of a release that is in use. #}

{% macro instruments() %}
select distinct instrument from marts.index_scores order by all
{% endmacro %}

{% macro forms() %}
select distinct agency_code, agency_name, fiscal_year
from marts.budget_realization left join marts.agencies using (agency_code)
order by all
{% endmacro %}

{# A row per budget line of a form. #}
{% macro budget(form) %}
select
    {{ form.agency_name | literal }} as agency_name,
    {{ form.fiscal_year }} as fiscal_year,
    * replace (
        case when realized_rupiah is not null then realized_pct end as realized_pct,
        case when realized_rupiah is not null then remaining_rupiah end as remaining_rupiah
    )
from budget_tree({{ form.agency_code | literal }}, {{ form.fiscal_year }})
{% endmacro %}

{# A row per indicator and quarter. #}
{% macro targets() %}
from marts.target_achievement
left join marts.agencies using (agency_code)
order by agency_name, fiscal_year, indicator_name, quarter
{% endmacro %}

{# A row per component and edition. #}
{% macro trees() %}
with printed as (
    select distinct instrument, component_code, true as is_printed
    from marts.index_scores
    where score_printed is not null
)

select
    concat_ws(' ', instrument, edition_year, component_code) as key,
    components.*,
    is_printed
from marts.score_components as components
left join printed using (instrument, component_code)
order by instrument, edition_year desc, sort_order, component_code
{% endmacro %}

{# Grades and differences of regions, which stand beside the tree. #}
{% macro beside(instrument) %}
from ({{ beside_the_tree("release") }}) where instrument = {{ instrument | literal }}
{% endmacro %}

{% macro figures_beside(instrument) %}
select
    component_code,
    -- As the last edition has it.
    arg_max(table_id, (edition_year, document_id)) as table_id,
    arg_max(column_name, (edition_year, document_id)) as column_name,
    count(recomputed_text) > 0 as is_grade
{{ beside(instrument) }}
group by component_code
order by component_code
{% endmacro %}

{# A row per region and edition of a document: each component as "CODE printed", and where it follows from others
   "CODE recomputed", "CODE verdict" and "CODE power"; figures beside the tree as "CODE figure" and "CODE checked". #}
{% macro results(instrument, shown, figures, verdicts) %}
with results as (
    select
        document_id, edition_year, region_code,
        {% for component in shown %}
        {% set code = component.component_code %}
        any_value(score_published) filter (component_code = {{ code | literal }}) as {{ (code ~ " printed") | quoted }},
        any_value(score_recomputed) filter (component_code = {{ code | literal }}) as {{ (code ~ " recomputed") | quoted }},
        any_value(map {{ verdicts }}[verdict]) filter (component_code = {{ code | literal }})
            as {{ (code ~ " verdict") | quoted }},
        any_value(detection_power) filter (component_code = {{ code | literal }}) as {{ (code ~ " power") | quoted }},
        {% endfor %}
        -- Where the total is printed, else the first of its parts.
        arg_min(row_no, (component_depth, row_no)) as row_no,
        arg_min(source_line, (component_depth, row_no)) as source_line
    from marts.index_scores
    inner join marts.score_components using (instrument, edition_year, component_code)
    left join (
        select document_id, table_id, row_no, column_name, detection_power
        from marts.reconciliation
        where recomputed_text is null
    ) as powers using (document_id, table_id, row_no, column_name)
    where
        instrument = {{ instrument | literal }}
        and component_code in ({{ shown | map(attribute="component_code") | literals }})
    group by document_id, edition_year, region_code
),

beside as (
    select
        document_id, edition_year, region_code,
        {% for figure in figures %}
        {% set code = figure.component_code %}
        {% set suffix = "_text" if figure.is_grade else "" %}
        any_value(published{{ suffix }}) filter (component_code = {{ code | literal }}) as {{ (code ~ " figure") | quoted }},
        any_value(recomputed{{ suffix }}) filter (component_code = {{ code | literal }}) as {{ (code ~ " checked") | quoted }},
        {% endfor %}
    {{ beside(instrument) }}
    group by document_id, edition_year, region_code
)

select
    concat_ws(
        ' ', region_name, edition_year,
        if(count(*) over (partition by region_code, edition_year) > 1, document_id, null)
    ) as choice,
    map {'province': 'provinsi', 'regency': 'kabupaten', 'city': 'kota'}[region_type] as kind,
    results.*, beside.* exclude (document_id, edition_year, region_code), region_name, province_name,
    of_all.rank as rank_among_all, of_kind.rank, of_kind.rank_best, of_kind.rank_worst
from results
left join beside using (document_id, edition_year, region_code)
left join marts.regions using (region_code)
left join (from marts.index_rankings where peer_group = 'all') as of_all
    using (document_id, edition_year, region_code)
left join (select * rename (peer_group as region_type) from marts.index_rankings) as of_kind
    using (document_id, edition_year, region_code, region_type)
order by results.edition_year desc, of_all.rank nulls last, region_name, document_id
{% endmacro %}

{# A row per total and region: its ranks among its own kind, by cause of doubt, and where its score is printed. #}
{% macro intervals() %}
with places as (
    select document_id, edition_year, region_code, score_published as score, row_no, source_line
    from marts.index_scores
    inner join marts.score_components using (instrument, edition_year, component_code)
    where component_depth = 0
)

select
    any_value(totals.label_id) as label_id,
    concat_ws(' ', any_value(region_name), ranks.edition_year) as choice,
    any_value(peers.label_id) as group_id,
    {% for column in ("score", "row_no", "source_line", "group_size", "rank", "rank_recomputed") %}
    any_value({{ column }}) as {{ column }},
    {% endfor %}
    {% for cause in ("rounding", "disputed", "weights", "all") %}
    max(rank_best) filter (cause = '{{ cause }}') as {{ cause }}_best,
    max(rank_worst) filter (cause = '{{ cause }}') as {{ cause }}_worst,
    {% endfor %}
    ranks.document_id
from marts.rank_uncertainty as ranks
inner join marts.peer_groups as peers using (region_code, peer_group)
inner join marts.regions using (region_code)
left join places using (document_id, edition_year, region_code)
left join (from marts.score_components where component_depth = 0) as totals using (instrument, edition_year)
where peers.area_kind = 'nation' and peers.peer_kind != 'all'
group by ranks.document_id, ranks.edition_year, region_code
order by any_value(instrument), ranks.edition_year desc, group_id, rank nulls last, choice
{% endmacro %}

{# Findings by document, table and row. #}
{% macro findings() %}
select
    findings.finding_id, findings.severity, findings.document_id, documents.instrument, documents.number,
    documents.title_id, documents.title_en, documents.issuer, cast(documents.issued_on as varchar) as issued_on,
    findings.table_id, findings.row_no, findings.column_name, findings.source_line, findings.subject_name,
    findings.printed, findings.expected, findings.possible_figures, findings.explanation_id, findings.explanation_en,
    findings.cause_code, findings.cause_label_id, findings.cause_label_en, findings.search_outcome, findings.repairs_found,
    findings.proposed_slip_id, findings.proposed_slip_en, findings.proposed_cause_code, findings.evidence,
    coalesce(proposals.changes, []) as proposals
from marts.findings as findings
inner join marts.documents as documents on findings.document_id = documents.document_id
left join (
    select
        finding_id,
        list(
            {'repair_no': repair_no, 'document_id': document_id, 'table_id': table_id, 'row_no': row_no,
             'column_name': column_name, 'proposed': proposed}
            order by repair_no, document_id, table_id, row_no, column_name
        ) as changes
    from marts.repairs
    where repair_no <= 3
    group by finding_id
) as proposals on findings.finding_id = proposals.finding_id
order by
    documents.issued_on nulls last, findings.document_id, findings.table_id, findings.row_no nulls last,
    findings.column_name, findings.finding_id
{% endmacro %}

{# What components are called in their last edition. #}
{% macro component_labels() %}
select
    instrument, component_code, arg_max(label_id, edition_year) as label_id, arg_max(label_en, edition_year) as label_en
from marts.score_components
group by instrument, component_code
{% endmacro %}

{% macro of_release() %}
select
    arg_max(version, release_no) as version,
    strftime(max(published_at), '%Y-%m-%d %H:%M') as published
from marts.releases
{% endmacro %}

{% macro documents() %}
select coalesce(number, document_id) as name, title_id, issuer, edition_year
from marts.documents
order by document_id
{% endmacro %}
