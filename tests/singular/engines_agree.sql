-- What macros/engines/ writes differently for each engine means the same on the one that builds.
with cases (test_case, expected, found) as (
    select
        'a text begins with its beginning',
        'true',
        cast({{ begins_with("'a_b%c'", "'a_b%'") }} as string)
    union all
    select
        'a text does not begin with a pattern',
        'false',
        cast({{ begins_with("'axbyc'", "'a_b%'") }} as string)
    union all
    select
        'a whole text is matched',
        'true',
        cast({{ is_written_like("'1.234'", '[0-9]{1,3}([.][0-9]{3})*') }} as string)
    union all
    select
        'a part of a text is no match',
        'false',
        cast({{ is_written_like("'x1.234'", '[0-9.]+') }} as string)
    union all
    select
        'a line break is not overlooked',
        'false',
        cast({{ is_written_like("concat('1', chr(10))", '[0-9]+') }} as string)
    union all
    select
        'every match is replaced',
        'a-b-c',
        {{ replace_matches("'a  b, c'", '[^a-z0-9]+', '-') }}
    union all
    select
        'texts are joined in order, without nulls',
        'b+a',
        (
            select {{ joined_text('texts.word', '+', 'texts.place') }}
            from (
                select
                    'a' as word,
                    2 as place
                union all
                select
                    null,
                    3
                union all
                select
                    'b',
                    1
            ) as texts
        )
    union all
    select
        'the last words of a text',
        'c d',
        {{ last_words("'a b c d'", 2) }}
    union all
    select
        'all words of a short text',
        'a b',
        {{ last_words("'a b'", 3) }}
    union all
    select
        'the last known value of a window',
        'x',
        (
            select max(filled.last_word)
            from (
                select
                    days.place,
                    {{ last_known('days.word') }} over (order by days.place) as last_word
                from (
                    select
                        1 as place,
                        'x' as word
                    union all
                    select
                        2,
                        null
                ) as days
            ) as filled
            where filled.place = 2
        )
    union all
    select
        'thousands are parted by commas',
        '-25,338,739,129',
        {{ thousands('cast(-25338739129 as decimal(18, 0))') }}
    union all
    select
        'nothing is parted below a thousand',
        '999',
        {{ thousands('999') }}
    union all
    select
        'a quotient beyond 2^53 is exact',
        '3002399751580331',
        cast({{ whole_quotient('cast(9007199254740993 as bigint)', '3') }} as string)
    union all
    select
        'a quotient is cut off towards zero',
        '-2',
        cast({{ whole_quotient('cast(-8 as bigint)', '3') }} as string)
    union all
    select
        'a quotient has twelve decimals, cut off',
        '-2.666666666666',
        cast({{ exact_quotient('cast(-8 as decimal(18, 4))', '3') }} as string)
    union all
    select
        'a tie rounds away from zero',
        '3.3200',
        cast({{ round_half_up('cast(3.315 as decimal(38, 12))', 'cast(0.01 as decimal(9, 4))') }} as string)
    union all
    select
        'the lowest of a list, its highest, and all of a short one',
        '3/7/9',
        (
            select
                concat_ws(
                    '/',
                    {{ sum_over(first_of('numbers.scores', '2'), 'score') }},
                    {{ sum_over(last_of('numbers.scores', '2'), 'score + 0') }},
                    {{ sum_over(last_of('numbers.scores', '9'), 'least(score, 4)') }}
                    + {{ length_of('numbers.scores') }}
                    - 1
                )
            from (
                select {{ sorted_list('unsorted.score') }} as scores
                from (
                    select cast(5 as bigint) as score
                    union all
                    select 1
                    union all
                    select 2
                ) as unsorted
            ) as numbers
        )
    union all
    select
        'rows that exchange a value are told apart',
        '2',
        (
            select cast(count(distinct hashed.table_hash) as string)
            from (
                select bit_xor({{ hash_of(['exchanged.place', 'exchanged.word']) }}) as table_hash
                from (
                    values
                    (1, 1, 'a'),
                    (1, 2, 'b'),
                    (2, 2, 'a'),
                    (2, 1, 'b'),
                    (3, 2, 'b'),
                    (3, 1, 'a')
                ) as exchanged (table_no, place, word)
                group by exchanged.table_no
            ) as hashed
        )
)

select concat_ws('', test_case, ': expected ', expected, ', found ', coalesce(found, 'nothing')) as message
from cases
where found is distinct from expected
