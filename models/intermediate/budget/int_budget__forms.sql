-- Agencies of a kind print the same lines, quarter by quarter. What a form prints where, and after which rows pages are
-- missing, is its outline; the trees of years with the same outlines are worked out once, from the first of them.
with printed as (
    select
        document_id,
        table_id,
        agency_name,
        fiscal_year,
        quarter,
        count(*) as lines,
        bit_xor({{ hash_of(['row_no', 'line_name']) }}) as names_hash
    from {{ ref('stg_forms__budget_lines') }}
    group by document_id, table_id, agency_name, fiscal_year, quarter
),

gaps as (
    select
        document_id,
        table_id,
        {{ joined_text('cast(after_row_no as string)', ',', 'after_row_no') }} as gap_rows
    from {{ ref('source_gaps') }}
    group by document_id, table_id
),

forms as (
    select
        printed.document_id,
        printed.table_id,
        agencies.agency_code,
        printed.fiscal_year,
        printed.quarter,
        coalesce(documents.is_cumulative, false) as is_cumulative,
        concat_ws(':', printed.quarter, printed.lines, printed.names_hash, gaps.gap_rows) as outline
    from printed
    left join {{ ref('int_agencies__printed_names') }} as agencies on printed.agency_name = agencies.printed_name
    left join {{ ref('document_register') }} as documents on printed.document_id = documents.document_id
    left join gaps
        on
            printed.document_id = gaps.document_id
            and printed.table_id = gaps.table_id
),

years as (
    select
        agency_code,
        fiscal_year,
        {{ joined_text('outline', ' ', 'quarter') }} as outlines
    from forms
    group by agency_code, fiscal_year
),

numbered as (
    select
        *,
        cast(row_number() over (order by agency_code, fiscal_year) as integer) as year_no
    from years
),

trees as (
    select
        agency_code,
        fiscal_year,
        year_no,
        min(year_no) over (partition by outlines) as tree_no
    from numbered
)

select
    forms.document_id,
    forms.table_id,
    forms.agency_code,
    forms.fiscal_year,
    forms.quarter,
    forms.is_cumulative,
    trees.year_no,
    trees.tree_no
from forms
left join trees
    on
        forms.agency_code = trees.agency_code
        and forms.fiscal_year = trees.fiscal_year
