{#- Quarters are printed I to IV; anything else stops the build. -#}
{% macro roman_quarter(column) -%}
    case {{ column }}
        when 'I' then 1
        when 'II' then 2
        when 'III' then 3
        when 'IV' then 4
        else {{ stop_with("concat_ws('', 'document ', document_id, ', table ', table_id, ', row ', row_no, ', column " ~ column ~ ": \"', " ~ column ~ ", '\" is not a quarter I, II, III or IV')") }}
    end
{%- endmacro %}
