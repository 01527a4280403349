{#-
    The best and the worst place that each row can have when its score may be anything from `low` to `high` and so may
    those of the rows beside it; exact, as the ends are reached. Gives all columns of the relation with rank_best,
    rank_worst and group_size. Those that meet can share a place or be put either way, as in index_rankings.

        rank_best   1 + how many others must be ahead: their low end lies above my high end
        rank_worst  how many can be level or ahead, I among them: their high end is not below my low end

    One pass over the ends, highest first, at one score the high ends before the low ones: what has passed by when my
    high end comes are the low ends above it; what has passed by when my low end comes are the high ends down to it.
    Equal ends are counted, not sorted, as printed scores have few different values.
    A score without doubt has low = high, and its rank_best is its competition rank.
-#}
{% macro rank_bounds(relation, group_by) -%}
    with ends as (
        select
            {{ group_by | join(', ') }},
            low as score,
            1 as low_ends,
            0 as high_ends,
            count(*) as regions
        from {{ relation }}
        group by {{ group_by | join(', ') }}, low
        union all
        select
            {{ group_by | join(', ') }},
            high as score,
            0 as low_ends,
            1 as high_ends,
            count(*) as regions
        from {{ relation }}
        group by {{ group_by | join(', ') }}, high
    ),

    passed as (
        select
            *,
            sum(regions * low_ends) over downwards as low_ends_passed,
            sum(regions * high_ends) over downwards as high_ends_passed,
            sum(regions * high_ends) over (partition by {{ group_by | join(', ') }}) as group_size
        from ends
        window downwards as (partition by {{ group_by | join(', ') }} order by score desc, low_ends)
    )

    select
        members.*,
        cast(1 + highs.low_ends_passed as bigint) as rank_best,
        cast(lows.high_ends_passed as bigint) as rank_worst,
        cast(lows.group_size as bigint) as group_size
    from {{ relation }} as members
    inner join passed as highs
        on
            {%- for column in group_by %}
            members.{{ column }} = highs.{{ column }}
            and
            {%- endfor %} members.high = highs.score
            and highs.high_ends = 1
    inner join passed as lows
        on
            {%- for column in group_by %}
            members.{{ column }} = lows.{{ column }}
            and
            {%- endfor %} members.low = lows.score
            and lows.low_ends = 1
{%- endmacro %}
