-- What the macros of the published file ask of their arguments: true, or an error with the nearest that is known.
-- They ask in an aggregate over one row, which is worked out also where the answer has no row.

-- True for what stands in `known_ones`; an error else, which names the kind of thing, and says more in `hint`.
create macro is_known(argument, known_ones, kind, hint) as case
    when list_contains(known_ones, argument) then true
    else error(concat(
        'No ', kind, ' is called ', coalesce(cast(argument as varchar), 'null'),
        '; did you mean ', nearest(cast(known_ones as varchar[]), cast(argument as varchar)), '? ', hint
    ))
end;

create macro nearest(known_ones, argument) as coalesce(
    list_sort(
        list_transform(
            known_ones,
            lambda one: struct_pack(apart := levenshtein(lower(one), lower(coalesce(argument, ''))), one := one)
        )
    )[1].one,
    'nothing, as there is none'
);

-- Asked of the trees, which are short whatever is loaded.
create macro is_evaluation(instrument_name) as is_known(
    instrument_name,
    (select list(distinct instrument) from marts.score_components),
    'evaluation',
    'All of them: from marts.documents'
);

create macro is_edition(instrument_name, in_year) as is_evaluation(instrument_name) and is_known(
    in_year,
    (select list(distinct edition_year) from marts.score_components where instrument = instrument_name),
    concat('edition of ', instrument_name),
    'All of them: from marts.score_components'
);

create macro is_peer_group(group_name) as is_known(
    group_name,
    (select list_prepend('all', list(distinct region_type)) from marts.regions),
    'peer group',
    'There are no others'
);

-- A name in the place of a code is told its code.
create macro is_region(code) as case
    when exists (select 1 from marts.regions where region_code = code) then true
    else error(concat(
        'No region has the code ', coalesce(code, 'null'), '; did you mean ',
        (
            select concat(region_code, ', ', region_name)
            from marts.regions
            -- DuckDB works it out for a code that is known, too: then of no region.
            where not exists (select 1 from marts.regions where region_code = code)
            order by
                not contains(lower(region_name), lower(coalesce(code, ''))),
                least(levenshtein(region_code, coalesce(code, '')), levenshtein(lower(region_name), lower(coalesce(code, '')))),
                region_code
            limit 1
        ),
        '? Codes by name: from find_region(''jambi'')'
    ))
end;

create macro is_agency(code) as is_known(
    code,
    (select list(agency_code) from marts.agencies),
    'agency',
    'All of them: from marts.agencies'
);

-- The years of forms are those of their budgets: each form has one.
create macro is_year_of_forms(code, in_year) as is_agency(code) and is_known(
    in_year,
    (select list(distinct fiscal_year) from marts.budget_realization where agency_code = code),
    concat('year of the forms of ', code),
    'All of them: from marts.documents'
);

-- What a finding can be about.
create macro is_subject(code) as case
    when code in (select agency_code from marts.agencies) then true
    else is_region(code)
end;

create macro is_document(id) as is_known(
    id,
    (select list(document_id) from marts.documents),
    'document',
    'All of them: from marts.documents'
);

create macro is_public_table(name) as is_known(
    name,
    (select list(distinct table_name) from marts.data_dictionary),
    'public table',
    'All of them: from marts.data_dictionary'
);
