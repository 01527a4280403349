-- One row per public table, and per column of it.
select * from marts.data_dictionary order by table_name, column_no
