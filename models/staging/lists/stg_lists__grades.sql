with printed as (
    {%- for table in tables_with_grades() %}
        {{ grades_of(table) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    *,
    case
        when grade_printed not in (select words.printed_text from {{ ref('printed_words') }} as words)
            then grade_printed
    end as grade
from printed
