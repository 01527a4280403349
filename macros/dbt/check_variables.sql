{#-
    What `--vars` may say. A name that nobody knows, or that says nothing, would build the CSV seeds without a word;
    here it stops the run with one message.
-#}
{% macro check_variables() %}
    {%- if execute -%}
        {%- set known = ['parquet_seeds', 'documents', 'detection_power'] -%}
        {%- for name, value in invocation_args_dict['vars'].items() -%}
            {%- if name not in known -%}
                {{ exceptions.raise_compiler_error('--vars: "' ~ name ~ '" is unknown; known are ' ~ known | join(' and ')) }}
            {%- elif name == 'detection_power' and value not in ['counted', 'withheld'] -%}
                {{ exceptions.raise_compiler_error('--vars: detection_power is counted or withheld, not "' ~ value ~ '"') }}
            {%- elif not value -%}
                {{ exceptions.raise_compiler_error('--vars: ' ~ name ~ ' says nothing; give it a value, or leave it out') }}
            {%- endif -%}
        {%- endfor -%}
        {{ check_parquet_folder() }}
        {{ check_documents() }}
    {%- endif -%}
{% endmacro %}
