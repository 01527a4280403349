-- Where each total ranks in its nation when the weights are drawn anew. Small whole numbers stand for regions and
-- groups, as there are millions of ranks. A total with a lost component cannot be weighed anew, and is not among them.
with contributions as (
    select
        *,
        case when weight_part is null then 0 else cast(floor(100000 * score_on_total_scale) as bigint) end as points,
        case when weight_part is null then 0 else 1 end as presence
    from {{ ref('score_contributions') }}
    where is_complete
),

scored_regions as (
    select
        document_id,
        instrument,
        edition_year,
        region_code,
        {{ list_in_order('points', 'component_no') }} as points,
        {{ list_in_order('presence', 'component_no') }} as presence
    from contributions
    group by document_id, instrument, edition_year, region_code
),

numbered_regions as (
    select
        *,
        cast(row_number() over (order by document_id, edition_year, region_code) as integer) as region_no
    from scored_regions
),

drawn_weights as (
    select
        instrument,
        edition_year,
        draw_no,
        {{ list_in_order('cast(1000000 * weight as bigint)', 'component_no') }} as weights
    from {{ ref('weight_draws') }}
    group by instrument, edition_year, draw_no
),

-- Points are whole hundred-thousandths.
drawn_totals as (
    select
        regions.region_no,
        draws.draw_no,
        {{ weighted_total('draws.weights', 'regions', 10000) }} as total
    from numbered_regions as regions
    inner join drawn_weights as draws
        on
            regions.instrument = draws.instrument
            and regions.edition_year = draws.edition_year
),

drawn_members as (
    select
        regions.document_id,
        regions.instrument,
        regions.edition_year,
        regions.region_code,
        regions.region_no,
        peers.peer_group,
        cast(
            dense_rank() over (order by regions.document_id, regions.edition_year, peers.peer_group) as integer
        ) as group_no,
        count(*) over (partition by regions.document_id, regions.edition_year, peers.peer_group) as group_size
    from numbered_regions as regions
    inner join {{ ref('peer_groups') }} as peers
        on
            regions.region_code = peers.region_code
            and peers.area_kind = 'nation'
),

drawn_ranks as (
    select
        members.group_no,
        members.region_no,
        rank() over (partition by members.group_no, totals.draw_no order by totals.total desc) as rank
    from drawn_totals as totals
    inner join drawn_members as members on totals.region_no = members.region_no
),

counted_ranks as (
    select
        group_no,
        region_no,
        rank,
        count(*) as draws
    from drawn_ranks
    group by group_no, region_no, rank
),

cumulated_ranks as (
    select
        *,
        sum(draws) over (partition by group_no, region_no order by rank) as draws_to_here,
        sum(draws) over (partition by group_no, region_no) as draws_made
    from counted_ranks
),

drawn_bounds as (
    select
        {%- for name, share in {'rank_p05': 5, 'rank_median': 50, 'rank_p95': 95}.items() %}
            min(case when 100 * draws_to_here >= {{ share }} * draws_made then rank end) as {{ name }},
        {%- endfor %}
        group_no,
        region_no,
        cast(max(draws_made) as bigint) as draws,
        min(rank) as rank_best,
        max(rank) as rank_worst,
        {{ exact_quotient('sum(rank * draws)', 'max(draws_made)', 0) }} as rank_mean
    from cumulated_ranks
    group by group_no, region_no
)

select
    members.document_id,
    members.instrument,
    members.edition_year,
    members.region_code,
    members.peer_group,
    cast(bounds.rank_best as bigint) as rank_best,
    cast(bounds.rank_p05 as bigint) as rank_p05,
    cast(bounds.rank_median as bigint) as rank_median,
    cast(bounds.rank_mean as decimal(12, 2)) as rank_mean,
    cast(bounds.rank_p95 as bigint) as rank_p95,
    cast(bounds.rank_worst as bigint) as rank_worst,
    members.group_size,
    bounds.draws
from drawn_members as members
inner join drawn_bounds as bounds
    on
        members.group_no = bounds.group_no
        and members.region_no = bounds.region_no
