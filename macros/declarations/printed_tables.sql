{#-
    The printed tables as seeds/raw/_raw__seeds.yml declares them, for models that read every table of a kind.
    dbt must know which seeds a model reads before it can read declarations, so dbt_project.yml names them by kind;
    `check_declarations` stops a build in which the two differ.
-#}


{#- The declared tables of the kinds: name, relation, meta, and columns as name and meta. Without metas while parsing. -#}
{% macro tables_of(kinds) %}
    {#- Cells are read against the words that may stand in them and the style of their document; dbt must know of both
        while columns are unknown. -#}
    {%- do ref('printed_words') -%}
    {%- do ref('corrections') -%}
    {%- do ref('document_register') -%}
    {%- set tables = [] -%}
    {%- for kind in kinds -%}
        {%- for name in var('printed_tables')[kind] -%}
            {%- set relation = ref(name) -%}
            {%- set seed = seed_named(name) if execute and graph.get('nodes') else {'config': {'meta': {}}, 'columns': {}} -%}
            {%- set columns = [] -%}
            {%- for column in seed.columns.values() -%}
                {%- do columns.append({'name': column.name, 'meta': column.config.meta}) -%}
            {%- endfor -%}
            {%- do tables.append({'name': name, 'relation': relation, 'kind': kind, 'meta': seed.config.meta, 'columns': columns}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(tables) }}
{% endmacro %}


{#- The columns of a table that hold one of these kinds of cells. -#}
{% macro columns_holding(table, cells) %}
    {{ return(table.columns | selectattr('meta.holds', 'in', cells) | list) }}
{% endmacro %}


{#- The name of the column of a table that holds names of governments; none where there is no such column. -#}
{% macro name_column(table) %}
    {{ return(columns_holding(table, ['region', 'addressee']) | map(attribute='name') | first) }}
{% endmacro %}


{#- The kinds of cells that documents print: figures, grades, names and topics, not where these stand. -#}
{% macro printed_cells() %}
    {{ return(['score', 'score_or_grade', 'grade', 'figure', 'amount', 'percentage', 'range', 'addressee', 'topic']) }}
{% endmacro %}


{#- The node of a seed. -#}
{% macro seed_named(name) %}
    {{ return(graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') | selectattr('name', 'equalto', name) | first) }}
{% endmacro %}


{#-
    Before a build: dbt_project.yml names each declared table under its kind, and every score column has a component.
    Stops the run with one message that names the table.
-#}
{% macro check_declarations() %}
    {% if execute and flags.WHICH in ['build', 'run', 'seed', 'compile'] %}
        {% set file = 'seeds/raw/_raw__seeds.yml' %}
        {% for seed in graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') if seed.config.schema == 'raw' %}
            {% set kind = seed.config.meta.kind %}
            {% if seed.name not in var('printed_tables').get(kind, []) %}
                {{ exceptions.raise_compiler_error(
                    file ~ ': ' ~ seed.name ~ ' is of the kind ' ~ kind ~ '; name it in dbt_project.yml, vars, printed_tables, ' ~ kind
                ) }}
            {% endif %}
            {% for column in seed.columns.values() if column.config.meta.holds == 'score' %}
                {% if not column.config.meta.component and not column.config.meta.component_by %}
                    {{ exceptions.raise_compiler_error(file ~ ': ' ~ seed.name ~ ', column ' ~ column.name ~ ': whose score is it? It has no component') }}
                {% endif %}
            {% endfor %}
        {% endfor %}
        {% for kind, names in var('printed_tables').items() %}
            {% for name in names %}
                {% set seed = seed_named(name) %}
                {% if not seed or seed.config.meta.kind != kind %}
                    {{ exceptions.raise_compiler_error('dbt_project.yml, vars, printed_tables, ' ~ kind ~ ': ' ~ name ~ ' is not declared so in ' ~ file) }}
                {% endif %}
            {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{#- The tables that print grades. All of a kind while parsing. -#}
{% macro tables_with_grades() %}
    {%- set tables = [] -%}
    {%- for table in tables_of(['numbered_list', 'year_columns']) -%}
        {%- if not table.columns or columns_holding(table, ['grade', 'score_or_grade']) -%}{%- do tables.append(table) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(tables) }}
{% endmacro %}


{#- The components whose scores a column of a list holds: instrument and component_code. Without any while parsing. -#}
{% macro declared_components() %}
    {%- set components = [] -%}
    {%- for table in tables_of(['numbered_list']) -%}
        {%- for column in columns_holding(table, ['score']) -%}
            {%- do components.append({'instrument': table.meta.instrument, 'component_code': column.meta.component}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(components) }}
{% endmacro %}


{#- The instruments whose documents print a table by year. -#}
{% macro instruments_by_year() %}
    {%- set tables = tables_of(['year_columns']) -%}
    {{ return(tables | map(attribute='meta.instrument') | list if execute else []) }}
{% endmacro %}
