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


{#- The query of a test. dbt 2 hands it to no hook; it has written it down by then. -#}
{% macro compiled_sql(node) %}
    {%- set file = (flags.TARGET_PATH or 'target') ~ '/compiled/' ~ node.package_name ~ '/' ~ node.original_file_path -%}
    {{ return(node.compiled_code or run_query("select content from read_text('" ~ file ~ "')").columns[0].values() | first) }}
{% endmacro %}
