-- The generic tests are tested: each must find the fault planted in rows made for it, and nothing in sound rows.
with sound (document_id, table_id, row_no, name, score) as (
    values ('d', 't', 1, 'Kota Jambi', 2), ('d', 't', 2, 'Kota Batu', 3)
),

names (printed_name) as (
    values ('Kota Jambi'), ('Kota Batu')
),

counts (seed_name, document_id, table_id, expected_rows) as (
    values ('s', 'd', 't', 2)
),

repeated_key as (
    select * from sound
    union all
    select * from sound
    where row_no = 1
),

blank_key as (
    select
        document_id,
        table_id,
        nullif(row_no, 2) as row_no,
        name,
        score
    from sound
),

unknown_score as (
    select
        document_id,
        table_id,
        row_no,
        name,
        nullif(score, 3) as score
    from sound
),

misspelt_name as (
    select
        document_id,
        table_id,
        row_no,
        replace(name, 'Batu', 'Bata') as name,
        score
    from sound
),

lost_row as (
    select * from sound
    where row_no = 1
),

lost_document as (
    select * from sound
    where row_no = 0
),

unregistered_document as (
    select
        'e' as document_id,
        table_id,
        row_no,
        name,
        score
    from sound
),

codes (name) as (
    values ('Kota Jambi'), ('Kota Batu'), (null)
),

weights (instrument, valid_from, parent_code, weight) as (
    values ('i', 2021, 'p', 0.4), ('i', 2021, 'p', 0.6)
),

heavy_weights as (
    select
        instrument,
        valid_from,
        parent_code,
        weight + 0.05 as weight
    from weights
),

missing_weight as (
    select
        instrument,
        valid_from,
        parent_code,
        nullif(weight, 0.4) as weight
    from weights
),

cases (test_case, faults_planted, faults_found) as (
    select
        'key: sound',
        0,
        count(*)
    from ({{ rows_with_broken_key('sound', ['document_id', 'row_no'], 'here') }})
    union all
    select
        'key: repeated',
        1,
        count(*)
    from ({{ rows_with_broken_key('repeated_key', ['document_id', 'row_no'], 'here') }})
    union all
    select
        'key: blank',
        1,
        count(*)
    from ({{ rows_with_broken_key('blank_key', ['document_id', 'row_no'], 'here') }})
    union all
    select
        'always: sound',
        0,
        count(*)
    from ({{ rows_that_break('sound', 'score > 1', ['row_no'], 'here') }})
    union all
    select
        'always: broken',
        1,
        count(*)
    from ({{ rows_that_break('sound', 'score > 2', ['row_no'], 'here') }})
    union all
    select
        'always: unknown',
        1,
        count(*)
    from ({{ rows_that_break('unknown_score', 'score > 1', ['row_no'], 'here') }})
    union all
    select
        'names: sound',
        0,
        count(*)
    from ({{ rows_with_unknown_name('sound', 'name', 'names', 'here') }})
    union all
    select
        'names: misspelt',
        1,
        count(*)
    from ({{ rows_with_unknown_name('misspelt_name', 'name', 'names', 'here') }})
    union all
    select
        'codes: sound',
        0,
        count(*)
    from ({{ values_outside('sound', 'name', 'select printed_name from names', 'in names') }})
    union all
    select
        'codes: unknown',
        1,
        count(*)
    from ({{ values_outside('misspelt_name', 'name', 'select printed_name from names', 'in names') }})
    union all
    select
        'codes: a word that is not named',
        1,
        count(*)
    from ({{ values_outside('codes', 'name', "'Kota Jambi', 'Kota Bogor'", 'one of two') }})
    union all
    select
        'rows: sound',
        0,
        count(*)
    from ({{ tables_with_wrong_row_count('sound', 's', 'counts') }})
    union all
    select
        'rows: lost row',
        1,
        count(*)
    from ({{ tables_with_wrong_row_count('lost_row', 's', 'counts') }})
    union all
    select
        'rows: lost document',
        1,
        count(*)
    from ({{ tables_with_wrong_row_count('lost_document', 's', 'counts') }})
    union all
    select
        'rows: unregistered document',
        2,
        count(*)
    from ({{ tables_with_wrong_row_count('unregistered_document', 's', 'counts') }})
    union all
    select
        'weights_sum_to_one: sound',
        0,
        count(*)
    from ({{ weights_that_do_not_sum_to_one('weights', 'here') }})
    union all
    select
        'weights_sum_to_one: too heavy',
        1,
        count(*)
    from ({{ weights_that_do_not_sum_to_one('heavy_weights', 'here') }})
    union all
    select
        'weights_sum_to_one: missing',
        1,
        count(*)
    from ({{ weights_that_do_not_sum_to_one('missing_weight', 'here') }})
)

select concat(test_case, ': ', faults_planted, ' planted, ', faults_found, ' found') as message
from cases
where faults_planted != faults_found
