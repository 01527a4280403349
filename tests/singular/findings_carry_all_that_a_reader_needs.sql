-- Every figure that is outside is a finding, and every finding of such a rule is one; each says what is printed and
-- what would be right, in sentences without a gap, and brings the severity of its rule and the cause that it is
-- registered with.
with outside as (
    select * from {{ ref('reconciliation') }}
    where verdict = 'outside'
),

rules as (
    select * from {{ ref('rules') }}
),

findings as (
    select * from {{ ref('findings') }}
),

checked as (
    select
        coalesce(
            findings.finding_id,
            concat_ws(
                ':', outside.rule_id, outside.document_id, outside.table_id, outside.subject_code, outside.column_name
            )
        ) as finding_id,
        concat_ws(
            '; ',
            case when findings.finding_id is null then 'a figure that is outside, and no finding' end,
            case
                when outside.rule_id is null and rules.figure_kind in ('number', 'category')
                    then 'no figure of reconciliation is outside there'
            end,
            case
                when
                    findings.finding_id
                    != concat_ws(
                        ':',
                        findings.rule_id,
                        findings.document_id,
                        findings.table_id,
                        findings.subject_code,
                        findings.column_name
                    )
                    then 'its id is not made of its rule, document, table, subject and column'
            end,
            case when findings.severity is distinct from rules.severity then 'its severity is not that of its rule' end,
            case
                when
                    coalesce(findings.printed, '') = ''
                    or coalesce(findings.expected, '') = ''
                    or coalesce(findings.subject_name, '') = ''
                    or findings.printed = findings.expected
                    then 'what is printed, expected or meant is blank, or nothing is wrong'
            end,
            case
                when
                    outside.subject_code is distinct from findings.subject_code and outside.rule_id is not null
                    or outside.source_line is distinct from findings.source_line and outside.rule_id is not null
                    or findings.printed not in (outside.published_text, replace(concat(outside.published), '.', ','))
                    and outside.published_text is not null
                    or outside.recomputed_text is not null and findings.expected != outside.recomputed_text
                    then 'it does not say what reconciliation says'
            end,
            case
                -- A figure that can be worked out to the step is said as one, any other as what is possible.
                when
                    outside.published is not null
                    and not coalesce(
                        case
                            when
                                outside.recomputed is not null
                                and outside.high - outside.low <= 2 * outside.published_step
                                then
                                    findings.expected
                                    = replace(
                                        cast(cast(outside.published + outside.difference as decimal(38, 2)) as string),
                                        '.',
                                        ','
                                    )
                            else
                                findings.expected = concat(
                                    replace(cast(cast(outside.low as decimal(38, 2)) as string), '.', ','), '–',
                                    replace(cast(cast(outside.high as decimal(38, 2)) as string), '.', ',')
                                )
                        end
                        or outside.published_step != cast(0.01 as decimal(5, 4)),
                        false
                    )
                    then concat('expected ', findings.expected, ' is not what the inputs give')
            end,
            {%- for explanation in ['explanation_id', 'explanation_en'] %}
                case
                    when
                        not coalesce(
                            findings.{{ explanation }} like '%.'
                            and findings.{{ explanation }} not like '%{{ "{" }}%'
                            and findings.{{ explanation }} not like '%  %'
                            and findings.{{ explanation }} not like ' %'
                            and findings.{{ explanation }} not like '%""%'
                            {%- for word, value in {
                                'subject': 'subject_name', 'printed': 'printed', 'expected': 'expected'
                            }.items() %}
                                and (
                                    rules.{{ explanation }} not like '%{{ "{" ~ word ~ "}" }}%'
                                    or length(replace(findings.{{ explanation }}, findings.{{ value }}, ''))
                                    < length(findings.{{ explanation }})
                                )
                            {%- endfor %},
                            false
                        )
                        then '{{ explanation }} has a gap'
                end,
            {%- endfor %}
            case
                when
                    not coalesce(
                        findings.is_registered = (register.finding_id is not null)
                        and (
                            register.finding_id is null
                            or findings.cause_code = causes.cause_code
                            and findings.cause_label_id = causes.label_id
                            and findings.cause_label_en = causes.label_en
                        )
                        and (
                            register.finding_id is not null
                            or coalesce(findings.cause_code, findings.cause_label_id, findings.cause_label_en) is null
                        ),
                        false
                    )
                    then 'its cause is not the one that it is registered with'
            end
        ) as faults
    from findings
    full join outside
        on
            findings.rule_id = outside.rule_id
            and findings.document_id = outside.document_id
            and findings.table_id = outside.table_id
            and findings.row_no = outside.row_no
            and findings.column_name = outside.column_name
    left join rules on findings.rule_id = rules.rule_id
    left join {{ ref('known_discrepancies') }} as register on findings.finding_id = register.finding_id
    left join {{ ref('discrepancy_causes') }} as causes on register.cause_code = causes.cause_code
)

select concat('findings, ', finding_id, ': ', faults) as message
from checked
where faults != ''
