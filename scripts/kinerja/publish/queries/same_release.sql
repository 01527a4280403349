-- Whether two attached releases hold the same tables, texts, keys and macros, releases aside.
with design as (
    select
        database_name,
        'macro' as kind,
        function_name as name,
        concat(macro_definition, comment) as content
    from duckdb_functions()
    where schema_name = 'main' and not internal
    union all
    select database_name, 'table', table_name, sql from duckdb_tables()
    union all
    select database_name, 'comment', concat(table_name, '.', column_name), comment from duckdb_columns()
),

one as (select * exclude (database_name) from design where database_name = 'one'),

other as (select * exclude (database_name) from design where database_name = 'other')

select
    (select fingerprints from one.marts.releases order by release_no desc limit 1)
    = (select fingerprints from other.marts.releases order by release_no desc limit 1)
    and not exists (from one except from other)
    and not exists (from other except from one)
