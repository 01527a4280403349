-- One row per edition, region and peer group: the rank, and what each cause leaves possible.
with spread as (
    select
        document_id,
        edition_year,
        region_code,
        peer_group,
        any_value(rank) as rank,
        any_value(rank_recomputed) as rank_recomputed,
        any_value(group_size) as group_size,
        map_from_entries(list({
            'cause': cause, 'ends': {'best': rank_best, 'worst': rank_worst, 'method': method}
        })) as causes
    from marts.rank_uncertainty
    group by document_id, edition_year, region_code, peer_group
),

top_ten as (
    select document_id, edition_year, region_code, peer_group, standing
    from marts.top_lists
    where top_list = 'first_10'
)

select
    spread.*,
    rankings.score,
    rankings.is_disputed,
    rankings.percentile,
    groups.area_kind,
    groups.label_id,
    groups.label_en,
    top_ten.standing
from spread
inner join marts.peer_groups as groups
    on spread.region_code = groups.region_code and spread.peer_group = groups.peer_group
left join marts.index_rankings as rankings
    on
        spread.document_id = rankings.document_id
        and spread.edition_year = rankings.edition_year
        and spread.region_code = rankings.region_code
        and rankings.peer_group = 'all'
left join top_ten
    on
        spread.document_id = top_ten.document_id
        and spread.edition_year = top_ten.edition_year
        and spread.region_code = top_ten.region_code
        and spread.peer_group = top_ten.peer_group
order by spread.document_id, spread.edition_year, spread.peer_group, spread.rank, spread.region_code
