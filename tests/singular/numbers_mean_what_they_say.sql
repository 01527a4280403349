-- Each macro of macros/numbers on cases worked out by hand: ties, negatives, zeros, nulls, and every branch of a case.
-- What stops a build (a cell that is no number, a quarter that is none) is tried by tests/python/test_bad_seeds.py.
with quotients (test_case, numerator, denominator, expected) as (
    values
    ('a quotient that ends', 2.97, 6.0, '0.495000000000'),
    ('a quotient is cut off after twelve decimals', 22.0, 7.0, '3.142857142857'),
    ('a quotient below zero is cut off towards zero', -8.0, 3.0, '-2.666666666666'),
    ('a quotient by a number below zero', 8.0, -3.0, '-2.666666666666'),
    ('a small quotient keeps its zeros', 1.0, 3000.0, '0.000333333333'),
    ('a quotient of decimals', 0.0001, 0.0003, '0.333333333333'),
    ('a quotient of zero', 0.0, 3.0, '0.000000000000'),
    ('a quotient by zero is none', 1.0, 0.0, null),
    ('a quotient of the unknown', null, 3.0, null),
    ('a quotient by the unknown', 1.0, null, null)
),

percentages (test_case, part, whole, expected) as (
    values
    ('a percentage', 4497357736, 25338739129, '17.75'),
    ('a percentage at a tie goes up', 27, 96, '28.13'),
    ('a percentage below a tie goes down', 281249, 1000000, '28.12'),
    ('nothing of a whole', 0, 96, '0.00'),
    ('a whole of a whole', 96, 96, '100.00'),
    ('more than the whole', 3, 2, '150.00'),
    ('a percentage below zero', -281251, 1000000, '-28.13'),
    ('a percentage below zero at a tie goes away from it', -27, 96, '-28.13'),
    ('a percentage of zero is none', 3, 0, null),
    ('a percentage of the unknown', null, 96, null),
    ('a percentage of an unknown whole', 3, null, null)
),

roundings (test_case, number, step, half_up, truncated, rounded_up, half_even) as (
    values
    ('a tie after an even step', 3.125, 0.01, '3.1300', '3.1200', '3.1300', '3.1200'),
    ('a tie after an odd step', 3.135, 0.01, '3.1400', '3.1300', '3.1400', '3.1400'),
    ('below a tie', 3.124999999999, 0.01, '3.1200', '3.1200', '3.1300', '3.1200'),
    ('above a tie', 3.125000000001, 0.01, '3.1300', '3.1200', '3.1300', '3.1300'),
    ('on a step', 3.12, 0.01, '3.1200', '3.1200', '3.1200', '3.1200'),
    ('zero', 0.0, 0.01, '0.0000', '0.0000', '0.0000', '0.0000'),
    ('a whole step', 2.5, 1.0, '3.0000', '2.0000', '3.0000', '2.0000'),
    ('a tenth', 0.25, 0.1, '0.3000', '0.2000', '0.3000', '0.2000'),
    ('a thousandth', 0.0125, 0.001, '0.0130', '0.0120', '0.0130', '0.0120'),
    ('a ten-thousandth', 0.00125, 0.0001, '0.0013', '0.0012', '0.0013', '0.0012'),
    ('the unknown', null, 0.01, null, null, null, null),
    ('a step that no figure is printed in', 3.12, 0.05, null, null, null, null)
),

-- Tails as scipy gives them.
chi_square_tails (test_case, degrees, statistic, expected) as (
    values
    ('uneven last digits', 9, 26.3889, '0.0017640'),
    ('even last digits', 9, 3.325, '0.9500054'),
    ('the usual bound of nine', 9, 16.919, '0.0499996'),
    ('far out', 9, 60.0, '0.0000000'),
    ('the usual bound of eight', 8, 15.5073, '0.0500002'),
    ('even first digits', 8, 2.0, '0.9810118')
),

normal_tails (test_case, deviate, expected) as (
    values
    ('half lies above zero', 0.0, '0.5000000'),
    ('the usual bound', 1.644854, '0.0500000'),
    ('below zero', -1.2815516, '0.9000000'),
    ('far out', 6.0, '0.0000000')
),

roundings_below_zero (test_case, number, step, expected) as (
    values
    ('a tie below zero goes away from zero', -3.125, 0.01, '-3.1300'),
    ('above a tie below zero', -3.124999999999, 0.01, '-3.1200'),
    ('a whole tie below zero', -0.5, 1.0, '-1.0000')
),

-- Rounded to its step, the number is what is printed.
prints (test_case, number, printed, step, expected) as (
    values
    ('a tie is printed as the figure above', 3.315, 3.32, 0.01, true),
    ('a tie is not printed as the figure below', 3.315, 3.31, 0.01, false),
    ('below a tie', 3.314999999999, 3.31, 0.01, true),
    ('a tie below zero is printed as the figure below', -0.015, -0.02, 0.01, true),
    ('a tie below zero is not printed as the figure above', -0.015, -0.01, 0.01, false),
    ('above a tie below zero', -0.014999999999, -0.01, 0.01, true),
    ('half a step is printed as a whole one', 0.005, 0.01, 0.01, true),
    ('less is printed as zero', 0.004999999999, 0.0, 0.01, true),
    ('less below zero is printed as zero', -0.004999999999, 0.0, 0.01, true),
    ('half a step below zero is not printed as zero', -0.005, 0.0, 0.01, false),
    ('a figure between two steps is the rounding of none', 3.325, 3.325, 0.01, false),
    ('the unknown is not known to be printed so', null, 3.32, 0.01, null)
),

intervals (test_case, score, half_step, score_min, score_max, low, high) as (
    values
    ('a score inside its scale', 3.0, 0.5, 1.0, 4.0, '2.50', '3.50'),
    ('a score at the lower end', 1.0, 0.5, 1.0, 4.0, '1.00', '1.50'),
    ('a score at the upper end', 4.0, 0.5, 1.0, 4.0, '3.50', '4.00'),
    ('a score near the lower end', 1.2, 0.5, 1.0, 4.0, '1.00', '1.70'),
    ('a score near the upper end', 3.8, 0.5, 1.0, 4.0, '3.30', '4.00'),
    ('a score below its scale keeps its own side', 0.0, 0.5, 1.0, 4.0, '0.00', '0.50'),
    ('a score above its scale keeps its own side', 4.4, 0.5, 1.0, 4.0, '3.90', '4.40'),
    ('no score', null, 0.5, 1.0, 4.0, null, null)
),

claims (
    test_case, published, published_step, recomputed, is_complete,
    printed_low, printed_high, effective_low, effective_high, verdict_as_printed, verdict
) as (
    values
    ('nothing to compute it from', 3.4, 0.01, null, false, null, null, null, null, 'not_computable', 'not_computable'),
    ('rounded it is the figure', 3.19, 0.01, 3.191, true, 3.186, 3.196, 3.186, 3.196, 'exact', 'exact'),
    ('exact though inputs are coarse', 3.19, 0.01, 3.191, true, 3.186, 3.196, 2.7, 3.7, 'exact', 'exact'),
    (
        'the intervals meet above',
        3.2,
        0.01,
        3.19,
        true,
        3.185,
        3.195,
        3.185,
        3.195,
        'within_rounding',
        'within_rounding'
    ),
    (
        'the intervals meet below',
        3.18,
        0.01,
        3.19,
        true,
        3.185,
        3.195,
        3.185,
        3.195,
        'within_rounding',
        'within_rounding'
    ),
    ('a hair apart above', 3.2, 0.01, 3.189, true, 3.184, 3.194999, 3.184, 3.194999, 'outside', 'outside'),
    ('a hair apart below', 3.18, 0.01, 3.191, true, 3.185001, 3.196, 3.185001, 3.196, 'outside', 'outside'),
    ('inputs are missing', 3.4, 0.01, null, false, 3.0, 3.6, 3.0, 3.6, 'within_bounds', 'within_bounds'),
    ('the lowest of what is missing', 3.0, 0.01, null, false, 3.005, 3.6, 3.005, 3.6, 'within_bounds', 'within_bounds'),
    ('coarse inputs allow it', 3.17, 0.01, 3.14, true, 3.13, 3.15, 2.7, 3.5, 'outside', 'within_bounds'),
    ('missing and impossible', 3.7, 0.01, null, false, 3.0, 3.6, 3.0, 3.6, 'outside', 'outside'),
    ('no upper bound', 900.0, 1.0, null, false, 800.0, null, 800.0, null, 'within_bounds', 'within_bounds'),
    ('no upper bound, and less than is there', 700.0, 1.0, null, false, 800.0, null, 800.0, null, 'outside', 'outside'),
    ('below zero', -0.02, 0.01, -0.02, true, -0.03, -0.01, -0.03, -0.01, 'exact', 'exact')
),

bands (grade, lower_bound, is_lower_inclusive) as (
    values ('A', 80.0, false), ('B', 60.0, true), ('C', 0.0, true)
),

graded (test_case, score, expected) as (
    values
    ('inside a band', 70.0, 'B'),
    ('at a bound that is in the band', 60.0, 'B'),
    ('at a bound that is not', 80.0, 'B'),
    ('above a bound that is not', 80.01, 'A'),
    ('below a bound', 59.99, 'C'),
    ('at the lowest bound', 0.0, 'C'),
    ('below all bands', -1.0, null),
    ('no score', null, null)
),

texts (test_case, text, number, decimals) as (
    values
    ('decimals', '3,66', '3.6600', 2),
    ('below zero', '-0,54', '-0.5400', 2),
    ('a whole number', '4', '4.0000', 0),
    ('one decimal', '4,3', '4.3000', 1),
    ('four decimals', '0,1234', '0.1234', 4),
    ('more decimals than are kept', '0,12345', null, 5),
    ('thousands', '25.338.739.129', '25338739129.0000', 0),
    ('thousands and decimals', '1.234,5', '1234.5000', 1),
    ('a percentage', '17,75%', '17.7500', 2),
    ('zero', '0,00', '0.0000', 2),
    ('an English number', '3.66', null, 0),
    ('dots in the wrong place', '12.34', null, 0),
    ('two commas', '1,2,3', null, 1),
    ('a word', 'NA', null, 0),
    ('a dash', '-', null, 0),
    ('nothing', null, null, 0)
),

-- Cells of a raw seed: blanks and the words of seeds/reference/printed_words.csv are no number and no fault.
cells (
    test_case, document_id, table_id, row_no, cell, number, rupiah, quarter, expected, rupiah_expected, quarter_expected
) as (
    values
    ('a cell', 'd', 't', 1, 'x', '3,66', '1.234.567', 'I', '3.6600', '1234567', 1),
    ('a cell below zero', 'd', 't', 2, 'x', '-0,02', '-1.234', 'II', '-0.0200', '-1234', 2),
    ('a cell with a word', 'd', 't', 3, 'x', 'NA', '0', 'III', null, '0', 3),
    ('a blank cell', 'd', 't', 4, 'x', null, null, 'IV', null, null, 4)
),

-- Amounts in a unit of many rupiah: their rupiah, their step, and how far the truth may be.
amounts (test_case, document_id, table_id, row_no, amount, unit, expected, step, half_step) as (
    values
    ('rupiah', 'd', 't', 1, '1.234', 1, '1234', '1', '0'),
    ('thousands', 'd', 't', 2, '1.234', 1000, '1234000', '1000', '500'),
    ('thousands with a decimal', 'd', 't', 3, '1.234,5', 1000, '1234500', '100', '50'),
    ('thousands to the rupiah', 'd', 't', 4, '1,234', 1000, '1234', '1', '0'),
    ('millions below zero', 'd', 't', 5, '-12,25', 1000000, '-12250000', '10000', '5000'),
    ('no amount', 'd', 't', 6, null, 1000, null, null, null)
),

printed (test_case, number, step, expected) as (
    values
    ('two decimals', 2.96, 0.01, '2,96'),
    ('two decimals, rounded', 2.775, 0.01, '2,78'),
    ('a zero at the end', 3.1, 0.01, '3,10'),
    ('one decimal', 4.3, 0.1, '4,3'),
    ('below zero', -0.54, 0.01, '-0,54'),
    ('rupiah', 25338739129.0, 1.0, '25.338.739.129'),
    ('zero rupiah', 0.0, 1.0, '0'),
    ('rupiah in thousands', 1234000.0, 1000.0, '1.234.000'),
    ('nothing', null, 0.01, null)
),

steps (test_case, decimals, expected, units) as (
    values
    ('no decimal', 0, '1.0000', 1),
    ('one decimal', 1, '0.1000', 10),
    ('two decimals', 2, '0.0100', 100),
    ('three decimals', 3, '0.0010', 1000),
    ('four decimals', 4, '0.0001', 10000),
    ('more decimals than a figure has', 5, null, null),
    ('decimals of nothing', null, null, null)
),

spans (test_case, valid_from, valid_to, edition_year, expected) as (
    values
    ('the first year', 2021, 2023, 2021, true),
    ('the last year', 2021, 2023, 2023, true),
    ('the year before', 2021, 2023, 2020, false),
    ('the year after', 2021, 2023, 2024, false),
    ('still in force', 2021, null, 2050, true),
    ('not yet in force', 2021, null, 2020, false)
),

sentences (test_case, template, subject, printed, expected) as (
    values
    (
        'a sentence is filled',
        '{subject} is printed as {printed}.',
        'Kota Jambi',
        '3,15',
        'Kota Jambi is printed as 3,15.'
    ),
    ('a word that stands twice', '{subject}, {subject}', 'a', 'b', 'a, a'),
    ('a word that is unknown', '({printed})', 'a', null, '()'),
    ('a sentence without words', 'nothing', 'a', 'b', 'nothing')
),

words (test_case, text, expected) as (
    values
    ('one word', 'Jambi', 1),
    ('three words', 'Kota Tanjung Pinang', 3),
    ('no text', null, null)
),

{%- set as_text = "cast(cast({} as decimal(38, 4)) as string)" %}

cases (test_case, expected, found) as (
    select
        test_case,
        expected,
        cast({{ exact_quotient('numerator', 'denominator') }} as string)
    from quotients
    union all
    select
        concat(test_case, ' (of whole numbers)'),
        cast(cast(expected as decimal(38, 12)) as string),
        cast({{ exact_quotient('10000 * numerator', '10000 * denominator', decimals=0) }} as string)
    from quotients
    union all
    select
        concat(test_case, ' (of bigints)'),
        expected,
        cast({{ integer_quotient(as_integer('numerator', 4), as_integer('denominator', 4)) }} as string)
    from quotients
    union all
    select
        test_case,
        expected,
        cast({{ percentage_of('part', 'whole') }} as string)
    from percentages
    {%- for rounding, column in {
        'half_up': 'half_up', 'truncate': 'truncated', 'up': 'rounded_up', 'half_even': 'half_even', 'unknown': 'cast(null as string)'
    }.items() %}
        union all
        select
            concat('{{ rounding }}: ', test_case),
            {{ column }},
            {{ as_text.format(round_as("'" ~ rounding ~ "'", 'cast(number as decimal(38, 12))', 'step')) }}
        from roundings
    {%- endfor %}
    union all
    select
        test_case,
        expected,
        {{ as_text.format(round_half_up('cast(number as decimal(38, 12))', 'step')) }}
    from roundings_below_zero
    union all
    select
        test_case,
        cast(expected as string),
        cast({{ prints_as('number', 'printed', 'step') }} as string)
    from prints
    {%- for end, limit in {'low': 'score_min', 'high': 'score_max'}.items() %}
        union all
        select
            concat('{{ end }}: ', test_case),
            {{ end }},
            cast(cast(
                {% if end == 'low' %}
                    {{ interval_low('score', 'half_step', limit) }}
                {% else %}
                    {{ interval_high('score', 'half_step', limit) }}
                {% endif %}
                as decimal(9, 2)
            ) as string)
        from intervals
    {%- endfor %}
    {%- for precision, column in {'printed': 'verdict_as_printed', 'effective': 'verdict'}.items() %}
        union all
        select
            concat('verdict, {{ precision }}: ', test_case),
            {{ column }},
            {{ verdict('claims', precision) }}
        from claims
    {%- endfor %}
    union all
    select
        concat('grade: ', graded.test_case),
        graded.expected,
        {{ grade_of('bands', 'graded.score') }}
    from graded
    cross join bands
    group by graded.test_case, graded.expected
    union all
    select
        concat('number of a text: ', test_case),
        number,
        cast({{ printed_number('text') }} as string)
    from texts
    union all
    select
        concat('decimals of a text: ', test_case),
        cast(decimals as string),
        cast({{ printed_decimals('text') }} as string)
    from texts
    {%- for column, expected, found in [
        ('number', 'expected', number_cell('cells', 'number')),
        ('score', 'expected', score_cell('cells', 'number')),
        ('rupiah', 'rupiah_expected', rupiah_cell('cells', 'rupiah', '1')),
        ('quarter', 'quarter_expected', roman_quarter('quarter')),
    ] %}
        union all
        select
            concat('{{ column }}: ', test_case),
            cast({{ expected }} as string),
            cast({{ found }} as string)
        from cells
    {%- endfor %}
    {%- for column, found in [
        ('expected', rupiah_cell('amounts', 'amount', 'unit')),
        ('step', 'case when amount is not null then ' ~ rupiah_step('amount', 'unit') ~ ' end'),
        ('half_step', 'case when amount is not null then ' ~ rupiah_half_step(rupiah_step('amount', 'unit')) ~ ' end'),
    ] %}
        union all
        select
            concat('{{ column }} of an amount: ', test_case),
            {{ column }},
            cast({{ found }} as string)
        from amounts
    {%- endfor %}
    union all
    select
        concat('as printed: ', test_case),
        expected,
        {{ as_printed('number', 'step') }}
    from printed
    union all
    select
        concat('step: ', test_case),
        expected,
        cast({{ step_of('decimals') }} as string)
    from steps
    union all
    select
        concat('steps in one: ', test_case),
        cast(units as string),
        cast({{ steps_per_unit('cast(expected as decimal(5, 4))') }} as string)
    from steps
    union all
    select
        concat('span: ', test_case),
        cast(expected as string),
        cast({{ holds_in('spans', 'edition_year') }} as string)
    from spans
    union all
    select
        test_case,
        expected,
        {{ fill_template('template', {'subject': 'subject', 'printed': 'printed'}) }}
    from sentences
    union all
    select
        concat('words: ', test_case),
        cast(expected as string),
        cast({{ count_words('text') }} as string)
    from words
    {%- for degrees in [8, 9] %}
        union all
        select
            concat('chi-square: ', test_case),
            expected,
            cast(cast({{ chi_square_tail('cast(statistic as double)', degrees) }} as decimal(12, 7)) as string)
        from chi_square_tails
        where degrees = {{ degrees }}
    {%- endfor %}
    union all
    select
        concat('normal: ', test_case),
        expected,
        cast(cast({{ normal_tail('cast(deviate as double)') }} as decimal(12, 7)) as string)
    from normal_tails
    union all
    select
        'a share of the misprints of a column',
        '0.962585',
        cast({{ share_of(2547, 2646) }} as string)
    union all
    select
        'half a step',
        '0.005',
        cast(cast({{ half('cast(0.01 as decimal(5, 4))') }} as decimal(9, 3)) as string)
    union all
    select
        'filled cells are counted',
        '3',
        cast({{ sum_of_counts(['test_case', 'expected']) }} as string)
    from words
    where test_case in ('one word', 'no text')
    union all
    select
        'the numbers to four',
        '1234',
        {{ joined_text('cast(numbers.n as string)', '', 'numbers.n') }}
    from {{ numbers_to(4) }} as numbers (n)
)

select
    concat_ws(
        '', test_case, ': expected ', coalesce(expected, 'nothing'), ', found ', coalesce(found, 'nothing')
    ) as message
from cases
where found is distinct from expected
