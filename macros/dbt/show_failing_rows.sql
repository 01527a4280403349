{#- After the run: the first rows of each failed test. A person needs the row, not only the count. -#}
{% macro show_failing_rows(results) %}
    {% for result in results if result.status == 'fail' and result.node.resource_type == 'test' %}
        {% set rows = run_query('select * from (' ~ compiled_sql(result.node) ~ ') as failing limit 12') %}
        {{ log('', info=true) }}
        {{ log(result.node.name ~ ' (' ~ result.failures ~ '):', info=true) }}
        {% for row in rows %}
            {% set cells = [] %}
            {% for column in rows.column_names %}{% do cells.append(row[column] if column == 'message' else column ~ ' = ' ~ row[column]) %}{% endfor %}
            {{ log('  ' ~ cells | join(', '), info=true) }}
        {% endfor %}
    {% endfor %}
{% endmacro %}


{#- The query of a test. dbt 2 hands it to no hook; by then it has written it down. -#}
{% macro compiled_sql(node) %}
    {%- set files = env_var('DBT_TARGET_PATH', 'target') ~ '/compiled/**/' ~ node.original_file_path.split('/') | last -%}
    {{ return(node.compiled_code or run_query("select content from read_text('" ~ files ~ "')").columns[0].values() | first) }}
{% endmacro %}
