-- One row per edition that ranks regions: document and year, its index, how sure its top ten is.
with groups as (
    select document_id, edition_year, peer_group, max(group_size) as regions
    from marts.index_rankings
    where peer_group = 'all'
    group by document_id, edition_year, peer_group
),

top_ten as (
    select
        document_id,
        edition_year,
        count(*) filter (standing = 'surely') as surely,
        count(*) filter (standing = 'possibly') as possibly
    from marts.top_lists
    where top_list = 'first_10' and peer_group = 'all'
    group by document_id, edition_year
),

sure_ranks as (
    select
        document_id,
        edition_year,
        count(*) filter (rank_best = rank_worst) as sure,
        max(rank_worst - rank_best + 1) as widest
    from marts.rank_uncertainty
    where cause = 'all' and peer_group = 'all'
    group by document_id, edition_year
)

select
    groups.document_id || if(
        groups.document_id like '%' || groups.edition_year, '', '-' || groups.edition_year
    ) as slug,
    groups.document_id,
    groups.edition_year,
    groups.regions,
    documents.instrument,
    documents.number,
    documents.title_id,
    documents.title_en,
    components.component_code,
    components.label_id,
    components.label_en,
    components.printed_step,
    components.score_min,
    components.score_max,
    top_ten.surely,
    top_ten.possibly,
    sure_ranks.sure,
    sure_ranks.widest
from groups
inner join marts.documents as documents on groups.document_id = documents.document_id
inner join marts.score_components as components
    on
        documents.instrument = components.instrument
        and groups.edition_year = components.edition_year
        and components.component_depth = 0
left join top_ten
    on groups.document_id = top_ten.document_id and groups.edition_year = top_ten.edition_year
left join sure_ranks
    on groups.document_id = sure_ranks.document_id and groups.edition_year = sure_ranks.edition_year
order by groups.regions desc, groups.edition_year desc, groups.document_id
