{#-
    The best and the worst place that each row can have in its group when its score may be anything between two ends, and
    so may those of the rows beside it; exact, as the ends are reached. `readings` says how scores may be read, by name:
    the columns of the low and of the high end. Gives all columns of the relation and, per reading, <name>_best,
    <name>_worst and <name>_size (how many of the group have a score in this reading); null for a row that has none.
    Rows whose intervals meet can share a place or be put either way, as in index_rankings.

        best    1 + how many others must be ahead: their low end lies above my high end
        worst   how many can be level or ahead, I among them: their high end is not below my low end

    One pass over the ends, highest first, at one score the high ends before the low ones: what has passed by when my
    high end comes are the low ends above it; what has passed by when my low end comes are the high ends down to it.
    Equal ends are counted, not sorted, as printed scores have few different values.
    A score taken at its word is an interval without width, and its best place is its competition rank.
-#}
{% macro rank_bounds(relation, group_by, readings) -%}
    {%- set keys = group_by | join(', ') -%}
    with ends as (
        {%- for reading, ends in readings.items() %}
            {%- for side in ['low', 'high'] %}
                select
                    {{ keys }},
                    '{{ reading }}' as reading,
                    {{ ends[loop.index0] }} as score,
                    {{ 1 if side == 'low' else 0 }} as low_ends,
                    {{ 0 if side == 'low' else 1 }} as high_ends,
                    count(*) as rows_here
                from {{ relation }}
                where {{ ends[loop.index0] }} is not null
                group by {{ keys }}, {{ ends[loop.index0] }}
                {%- if not loop.last %}
                    union all
                {%- endif %}
            {%- endfor %}
            {%- if not loop.last %}
                union all
            {%- endif %}
        {%- endfor %}
    ),

    passed as (
        select
            *,
            cast(sum(rows_here * low_ends) over downwards as bigint) as low_ends_passed,
            cast(sum(rows_here * high_ends) over downwards as bigint) as high_ends_passed,
            cast(sum(rows_here * high_ends) over (partition by {{ keys }}, reading) as bigint) as group_size
        from ends
        window downwards as (partition by {{ keys }}, reading order by score desc, low_ends)
    )

    select
        rows_ranked.*
        {%- for reading in readings %},
            1 + {{ reading }}_high.low_ends_passed as {{ reading }}_best,
            {{ reading }}_low.high_ends_passed as {{ reading }}_worst,
            {{ reading }}_low.group_size as {{ reading }}_size
        {%- endfor %}
    from {{ relation }} as rows_ranked
    {%- for reading, ends in readings.items() %}
        {%- for side in ['low', 'high'] %}
            left join passed as {{ reading }}_{{ side }}
                on
                    {{ reading }}_{{ side }}.reading = '{{ reading }}'
                    and {{ reading }}_{{ side }}.{{ side }}_ends = 1
                    and rows_ranked.{{ ends[loop.index0] }} = {{ reading }}_{{ side }}.score
                    {%- for column in group_by %}
                        and rows_ranked.{{ column }} = {{ reading }}_{{ side }}.{{ column }}
                    {%- endfor %}
        {%- endfor %}
    {%- endfor %}
{%- endmacro %}
