{#-
    What breaks the marts gate's expectations: one macro for each kind. The candidate's marts stand under their own names;
    the files are attached as `candidate` and `previous`.

    Each gives rows with message and, where they apply, column_name and value.
-#}

{#- Columns of the contract that are not there; of a mart that is not there, one row. -#}
{% macro columns(missing) %}
select
    {{ "unnest([" ~ missing | map("literal") | join(", ") ~ "])" if missing else "null" }} as column_name,
    'the {{ "column" if missing else "mart" }} is missing' as message
{% endmacro %}


{#- Blank cells, counted by column in one pass. -#}
{% macro never_blank(mart, columns) %}
select
    column_name,
    concat('blank in ', count(*), ' rows') as message
from (
    select unnest([
        {% for column in columns %}
        case when {{ column | quoted }} is null then {{ column | literal }} end{{ "," if not loop.last }}
        {% endfor %}
    ]) as column_name
    from {{ mart | quoted }}
)
where column_name is not null
group by column_name
{% endmacro %}


{#- Values that name no row of the mart that they refer to. -#}
{% macro references(mart, column, target, key) %}
select
    {{ column | literal }} as column_name,
    {{ column | quoted }} as value,
    'not in {{ target }}' as message
from {{ mart | quoted }}
where {{ column | quoted }} not in (select {{ key | quoted }} from {{ target | quoted }})
group by all
{% endmacro %}


{#- Rows, or groups of rows, that meet a condition which none may meet. -#}
{% macro forbidden(mart, rule) %}
select
    cast({{ rule.show }} as varchar) as value,
    {{ rule.label_en | literal }} as message
from {{ mart | quoted }}
where {{ rule.where | default("true") }}
{% if rule.grouped is defined %}
group by {{ rule.grouped }}
having {{ rule.having }}
{% endif %}
{% endmacro %}


{#- Documents with fewer rows than in the last release. -#}
{% macro rows_lost(mart, accepted) %}
select
    'document_id' as column_name,
    before.document_id as value,
    concat(coalesce(now.rows, 0), ' rows; the last release had ', before.rows) as message
from (select document_id, count(*) as rows from previous.marts.{{ mart | quoted }} group by all) as before
left join (select document_id, count(*) as rows from candidate.marts.{{ mart | quoted }} group by all) as now
    on before.document_id = now.document_id
where coalesce(now.rows, 0) < before.rows and before.document_id not in ({{ accepted | literals }})
{% endmacro %}


{#- Figures other than in the last release. -#}
{% macro figure_changed(mart, column, key, accepted) %}
select
    {{ column | literal }} as column_name,
    concat_ws(' ', {{ key | names }}) as value,
    concat(
        coalesce(cast(now.{{ column | quoted }} as varchar), 'blank'),
        '; the last release had ',
        coalesce(cast(before.{{ column | quoted }} as varchar), 'blank')
    ) as message
from previous.marts.{{ mart | quoted }} as before
inner join candidate.marts.{{ mart | quoted }} as now using ({{ key | names }})
where
    now.{{ column | quoted }} is distinct from before.{{ column | quoted }}
    -- Of the document that the last release had it from: the key of a mart need not name it.
    and before.document_id not in ({{ accepted | literals }})
{% endmacro %}


{#- A mart of the last release that is not there. -#}
{% macro lost_mart() %}
select 'the mart is missing; the last release had it' as message
{% endmacro %}
