{#-
    After `dbt build` or `dbt run`, for whoever started it: what the file now holds, how many figures reconcile, what is
    wrong in the documents, and which command comes next. `--quiet` leaves it out.
-#}
{% macro tell_what_was_built(results) %}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- set state = state_after(results) -%}
        {%- set place = target.path or 'target/spark' -%}
        {%- set steps = results | selectattr('node.resource_type', 'in', ['seed', 'model', 'test']) | list -%}
        {{ log('', info=true) }}
        {%- if figures_are_new(results) -%}{{ tell_figures() }}{%- endif -%}
        {%- if 'repair_searches' in steps | selectattr('status', 'equalto', 'success') | map(attribute='node.name') -%}
            {{ tell_stopped_searches() }}
        {%- endif -%}
        {%- if state == 'failed' -%}
            {%- set failed = steps | selectattr('status', 'in', ['error', 'fail', 'runtime error']) | list -%}
            {{ log(
                'Failed: ' ~ failed | length ~ ' of ' ~ counted(steps, 'step') ~ '; left out after that: '
                ~ steps | selectattr('status', 'equalto', 'skipped') | list | length ~ '. '
                ~ place ~ ' mixes old and new, and cannot be published', info=true
            ) }}
            {%- set advice = failed | map(attribute='node.config.meta.next') | select | unique | join(', ') -%}
            {{ log('Next: correct what the messages name' ~ (' (' ~ advice ~ ')' if advice) ~ ', then again: uv run dbt build', info=true) }}
        {%- elif state == 'partial' -%}
            {{ log('Built in part: ' ~ counted(steps, 'step') ~ '. The other tables in ' ~ place ~ ' stand as they were', info=true) }}
            {{ log('Next: uv run dbt build, as only a whole build with its tests can be published', info=true) }}
        {%- else -%}
            {{ log('Built: ' ~ place ~ ', whole; every test passed', info=true) }}
            {{ log('Next: uv run kinerja publish' if target.type == 'duckdb' else 'Next: uv run kinerja cluster compare', info=true) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- Were the marts that `tell_figures` counts all built in this run? -#}
{% macro figures_are_new(results) %}
    {%- set built = results | selectattr('status', 'equalto', 'success') | map(attribute='node.name') | list -%}
    {{ return(not (['documents', 'index_rankings', 'reconciliation', 'findings'] | reject('in', built) | list)) }}
{% endmacro %}


{#- Documents, verdicts and findings, as the marts have them; one statement. -#}
{% macro tell_figures() %}
    {%- set numbers = {} -%}
    {%- for name, number in run_query(
        "select 'documents' as name, count(*) as number from marts.documents"
        ~ " union all select 'evaluations', count(distinct instrument) from marts.documents"
        ~ " union all select 'governments', count(distinct region_code) from marts.index_rankings"
        ~ " union all select verdict, count(*) from marts.reconciliation group by verdict"
        ~ " union all select case when is_registered then 'registered' else 'open' end, count(*) from marts.findings group by is_registered"
    ).rows -%}
        {%- do numbers.update({name: number | int}) -%}
    {%- endfor -%}
    {%- set verdicts = ['exact', 'within_rounding', 'within_bounds', 'outside', 'not_computable'] -%}
    {%- set said = [] -%}
    {%- set figures = [] -%}
    {%- for verdict in verdicts if verdict in numbers -%}
        {%- do figures.append(numbers[verdict]) -%}
        {%- do said.append(grouped(numbers[verdict]) ~ ' ' ~ verdict | replace('_', ' ')) -%}
    {%- endfor -%}
    {%- set open = numbers.get('open', 0) -%}
    {%- set findings = numbers.get('registered', 0) + open -%}
    {{ log(grouped(numbers['documents']) ~ ' documents of ' ~ grouped(numbers['evaluations']) ~ ' evaluations; ' ~ grouped(numbers['governments']) ~ ' governments ranked', info=true) }}
    {{ log(grouped(figures | sum) ~ ' published figures checked: ' ~ said | join(', '), info=true) }}
    {{ log(
        grouped(findings) ~ ' findings, '
        ~ ('all registered with their likely cause' if not open else grouped(open) ~ ' of them not registered yet'), info=true
    ) }}
{% endmacro %}


{#- Searches for slips that would have exploded. -#}
{% macro tell_stopped_searches() %}
    {%- set stopped = run_query(
        "select document_id, count(*) as findings from marts.repair_searches where is_stopped group by document_id order by 2 desc, 1"
    ).rows -%}
    {%- if stopped -%}
        {{ log(
            grouped(stopped | sum(attribute=1)) ~ ' searches for a slip stopped at their bounds, columns of '
            ~ grouped(most_rows_searched()) ~ ' rows and ' ~ grouped(most_values_paired()) ~ ' values to pair, in '
            ~ stopped[:3] | map(attribute=0) | join(', ') ~ (', …' if stopped | length > 3) ~ ': marts.repair_searches', info=true
        ) }}
    {%- endif -%}
{% endmacro %}


{#- 2068 as 2,068. -#}
{% macro grouped(number) -%}
    {%- set digits = number | string -%}
    {{ return(grouped(digits[:-3]) ~ ',' ~ digits[-3:] if digits | length > 3 else digits) }}
{%- endmacro %}


{#- 1 step, 2 steps. -#}
{% macro counted(things, name) -%}
    {{ return(grouped(things | length) ~ ' ' ~ name ~ ('s' if things | length != 1 else '')) }}
{%- endmacro %}
