-- The regions that are scored: the real governments, and below them as many districts as wanted.

-- A draw between 0 and 1, the same for the same seed, part, purpose and row. Hashed twice: the hash of several values
-- is hardly more than their hashes laid over each other.
create macro chance(what, one) as
    (hash(hash(getvariable('part'), what, one)) >> 11) / cast(9007199254740992 as double);

create macro normal(what, one) as
    sqrt(-2 * ln(1 - chance(what || ' far', one))) * cos(2 * pi() * chance(what || ' where', one));

create macro whole(what, one, low, high) as low + cast(floor(chance(what, one) * (high - low + 1)) as bigint);

create macro clipped(number, low, high) as greatest(low, least(high, cast(round(number) as bigint)));

-- Non-negative whole numbers; 0 for a denominator of 0.
create macro half_up(numerator, denominator) as
    cast((2 * numerator + denominator) // (2 * greatest(denominator, 1)) as bigint);

-- Hundredths as documents print them: 3,05.
create macro printed(number) as
    if(number < 0, '-', '') || abs(number) // 100 || ',' || lpad(cast(abs(number) % 100 as varchar), 2, '0');

-- A misprint: at least `least_off`, towards the farther end of the scale.
create macro moved(number, one, least_off, most_off, low, high) as
    number + if(number - low > high - number, -1, 1) * whole('moved', one, least_off, most_off);

create table planted (
    document_id varchar, seed_name varchar, table_id varchar, row_no integer, column_name varchar,
    true_text varchar, printed_text varchar, must_break varchar
);

create table generated_regions as
with governments as (
    select *, row_number() over (order by region_code) as government_no
    from official_regions where region_type != 'province'
),

-- Some governments have few districts and some have many.
shared as (
    select *, -ln(list_product([1 - chance('share ' || draw, government_no) for draw in range(4)])) as share
    from governments
),

counted as (
    select *, cast(floor(share / sum(share) over () * ({{ all_districts }} - {{ all_governments }})) as bigint) + 1 as districts
    from shared
),

numbered as (
    select *, districts + if(government_no <= {{ all_districts }} - sum(districts) over (), 1, 0) as districts_in_all
    from counted
),

names as (
    select list(first || last) as names
    from (select unnest({{ first }}) as first), (select unnest({{ last }}) as last)
),

districts as (
    select
        region_code || '.' || lpad(cast(district_no as varchar), 2, '0') as region_code,
        -- A government never has two districts of one name: its own run of a fixed order of names.
        names[(government_no * 37 + district_no * 11) % len(names) + 1] as district_name,
        region_name,
        province_code,
        row_number() over (order by government_no, district_no) as place
    from numbered, names, unnest(range(1, districts_in_all + 1)) as districts (district_no)
),

-- So many of them, evenly over all.
chosen as (
    select region_code, region_type, region_name, province_code
    from official_regions where region_type = 'province'
    union all
    select region_code, region_type, region_name, province_code
    from governments
    where government_no * {{ governments }} // {{ all_governments }}
        > (government_no - 1) * {{ governments }} // {{ all_governments }}
    union all
    select region_code, 'district', 'Kecamatan ' || district_name || ', ' || region_name, province_code
    from districts
    where place * {{ regions - governments }} // {{ all_districts }}
        > (place - 1) * {{ regions - governments }} // {{ all_districts }}
),

-- How each kind of region is printed in each table; null where it never is.
forms as (
    from (values
        ('province', 0, null, null, 'Provinsi ', null),
        ('regency', 1, 'KAB. ', 'Kab. ', 'Kabupaten ', 'Bupati '),
        ('city', 1, 'KOTA ', 'Kota ', 'Kota ', 'Walikota '),
        ('district', 2, 'KEC. ', 'Kec. ', 'Kecamatan ', 'Camat ')
    ) as forms (region_type, sort_order, results, details, scores, invitations)
),

named as (
    select *, regexp_replace(region_name, '^(Provinsi|Kabupaten|Kota|Kecamatan) ', '') as name
    from chosen inner join forms using (region_type)
)

select
    row_number() over (order by sort_order, region_code) as region_no,
    region_code, region_type, region_name, province_code,
    results || upper(name) as results,
    details || name as details,
    scores || name as scores,
    invitations || name as invitations,
    -- What makes a region better than others, all its years.
    0.35 * normal('quality', region_code) as quality
from named
order by region_no;

create table printed.official_regions as
select region_code, region_type, region_name, province_code from generated_regions order by region_no;
create table printed.region_names as
-- Two tables may print a name alike.
select distinct printed_name, region_code
from generated_regions unpivot (printed_name for printed_in in (results, details, scores, invitations))
order by printed_name, region_code;
