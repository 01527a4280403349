-- Who is among the first of a group: surely, when even the worst possible rank is; possibly, when the best is. Exactly,
-- from rounding and dispute.
with ranks as (
    select * from {{ ref('rank_uncertainty') }}
    where cause = 'disputed'
),

lists as (
    select
        ranks.*,
        sizes.top_list,
        coalesce(sizes.regions, ceil(sizes.share_pct * ranks.group_size / 100)) as top_n
    from ranks
    cross join {{ ref('top_list_sizes') }} as sizes
)

select
    document_id,
    instrument,
    edition_year,
    peer_group,
    top_list,
    cast(top_n as integer) as top_n,
    region_code,
    rank,
    rank_best,
    rank_worst,
    group_size,
    case
        when rank_worst <= top_n then 'surely'
        when rank_best <= top_n then 'possibly'
        else 'surely_not'
    end as standing
from lists
