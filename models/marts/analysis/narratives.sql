{%- set most_pieces = 16 -%}

-- What there is to tell of a region or an agency, put together from templates and figures. A template is cut at its
-- figures: each piece is a figure, but for the first, and the words up to the next.
with figures as (
    select * from {{ ref('narrative_figures') }}
),

sentences as (
    select distinct
        subject_kind,
        subject_code,
        sentence_code,
        item_no
    from figures
),

cut_templates as (
    {%- for language in ['id', 'en'] %}
        select
            templates.sentence_code,
            templates.sort_order,
            templates.starts_paragraph,
            '{{ language }}' as language,
            pieces.piece_no,
            split_part(templates.template_{{ language }}, '{', pieces.piece_no) as piece
        from {{ ref('narrative_templates') }} as templates
        cross join {{ numbers_to(most_pieces) }} as pieces (piece_no)
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

pieces as (
    select
        sentence_code,
        sort_order,
        starts_paragraph,
        language,
        piece_no,
        case when piece_no > 1 then split_part(piece, '}', 1) end as figure_name,
        case when piece_no > 1 then split_part(piece, '}', 2) else piece end as words
    from cut_templates
    where piece != ''
),

written as (
    select
        sentences.subject_kind,
        sentences.subject_code,
        sentences.item_no,
        pieces.language,
        pieces.sort_order,
        pieces.starts_paragraph,
        pieces.piece_no,
        concat(
            coalesce(case when pieces.language = 'id' then figures.text_id else figures.text_en end, ''),
            pieces.words
        ) as piece
    from sentences
    inner join pieces on sentences.sentence_code = pieces.sentence_code
    left join figures
        on
            sentences.subject_kind = figures.subject_kind
            and sentences.subject_code = figures.subject_code
            and sentences.sentence_code = figures.sentence_code
            and sentences.item_no = figures.item_no
            and pieces.figure_name = figures.figure_name
),

sentences_told as (
    select
        subject_kind,
        subject_code,
        language,
        -- By what is told, then by sentence.
        cast(item_no as bigint) * 1000 + sort_order as place,
        bool_or(starts_paragraph) as starts_paragraph,
        {{ joined_text('piece', '', 'piece_no') }} as sentence
    from written
    group by subject_kind, subject_code, language, item_no, sort_order
),

-- One sign before each sentence: a line of its own for a paragraph, else a space.
told as (
    select
        subject_kind,
        subject_code,
        language,
        place,
        concat(case when starts_paragraph then chr(10) else ' ' end, sentence) as sentence
    from sentences_told
)

select
    subject_kind,
    subject_code,
    substr({{ joined_text("case when language = 'id' then sentence end", '', 'place') }}, 2) as narrative_id,
    substr({{ joined_text("case when language = 'en' then sentence end", '', 'place') }}, 2) as narrative_en
from told
group by subject_kind, subject_code
