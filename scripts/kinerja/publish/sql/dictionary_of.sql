-- The columns of one public table and what they mean, in both languages: dictionary_of('index_scores').
-- Kolom satu tabel publik dan maknanya, dalam dua bahasa.
create macro dictionary_of(of_table) as table
select
    column_name,
    data_type,
    is_key,
    refers_to,
    description_id,
    description_en
from marts.data_dictionary
where
    table_name = of_table
    and (select bool_and(is_public_table(of_table)) from (values (1)))
order by column_no
