{%- for table in tables_of(['numbered_list']) %}
    {{ scores_of_list(table) }}
    union all
{%- endfor %}
{%- for table in tables_of(['year_columns']) %}
    {{ scores_by_year(table) }}
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
