{#-
    What the file holds, told by the file itself: `build.state` has one row, whose state is
      running   a build is under way, or was killed
      failed    a model, a seed or a test failed
      partial   only some nodes were built, or without their tests
      whole     `dbt build` built every seed and model, and every test passed
    dbt writes table by table, so a file after a failed or killed build mixes old and new. Only a whole one is published.
-#}
{% macro mark_build(state) %}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ['build', 'run', 'seed'] -%}
        create schema if not exists build;
        create or replace table build.state as
        select
            '{{ state }}' as state,
            '{{ invocation_id }}' as invocation_id,
            cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as started_at;
    {%- endif -%}
{% endmacro %}


{#- The state at the end of a run. -#}
{% macro mark_build_end(results) %}
    {%- if execute -%}{{ mark_build(state_after(results)) }}{%- endif -%}
{% endmacro %}


{#- failed, partial or whole, from the results of a run. -#}
{% macro state_after(results) %}
    {%- set built = results | map(attribute='node.unique_id') | list -%}
    {%- set wanted = graph.nodes.values() | selectattr('resource_type', 'in', ['seed', 'model', 'test']) | map(attribute='unique_id') -%}
    {%- if results | rejectattr('status', 'in', ['success', 'pass', 'no-op']) | list -%}
        {{ return('failed') }}
    {%- elif flags.WHICH != 'build' or wanted | reject('in', built) | list -%}
        {{ return('partial') }}
    {%- else -%}
        {{ return('whole') }}
    {%- endif -%}
{% endmacro %}
