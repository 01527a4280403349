-- Each column of a table that has figures, by a number: cells are many, and to tell three texts apart takes far longer.
-- The number is made of the texts, so it is the same in every build, whatever else is loaded, and on every engine;
-- a hash is not, and repairs that nothing else tells apart are listed by it.
with printed as (
    select
        document_id,
        table_id,
        column_name
    from {{ ref('int_quality__printed_figures') }}
    union
    select
        document_id,
        table_id,
        column_name
    from {{ ref('int_quality__category_claims') }}
)

select
    {{ number_of("concat_ws('/', document_id, table_id, column_name)") }} as column_no,
    {{ number_of("concat_ws('/', document_id, table_id)") }} as table_no,
    document_id,
    table_id,
    column_name
from printed
