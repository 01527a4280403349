-- The page blocks of a real letter, stretched to all that are scored: where the cells of every detail table stand.

create table indicators as
select
    position - 1 as indicator,
    parent_code as dimension,
    count(*) over (partition by parent_code) as in_dimension
from detail_headings
inner join (select distinct component_code, parent_code from tree where instrument = 'smart_city') as components
    using (component_code)
where instrument = 'smart_city' and valid_to is null;

create table cells as
with real_blocks as (
    select block_no, width, columns_before, min(row_no) - 1 as first_line, max(row_no) as last_line
    from blocks inner join smart_city__details using (document_id, block_no)
    where letter = (select min(letter) from blocks)
    group by all
)

select
    block_no, line, column_no,
    -- A value without a heading is one more of its block's kind.
    least(columns_before + column_no - 1, (select max(indicator) from indicators)) as indicator,
    dense_rank() over (order by block_no, line) + {{ regions }} + 200 as source_line,
    row_number() over (partition by line order by block_no, column_no) = 1 as is_first,
    row_number() over (order by block_no, line, column_no) as cell_no
from real_blocks,
    unnest(range(
        cast(round(first_line * {{ regions }} / 100) as bigint), cast(round(last_line * {{ regions }} / 100) as bigint)
    )) as lines (line),
    unnest(range(1, width + 1)) as columns (column_no);
