"""The regions that are scored: the real governments, and below them as many districts as wanted."""

import numpy as np
import polars as pl

from . import seeds

GOVERNMENTS = 514
DISTRICTS = 7_280

# How each kind of region is printed in each table; {name} is its name without its kind.
_PRINTED = {
    "province": {"scores": "Provinsi {name}"},
    "regency": {
        "results": "KAB. {upper}",
        "details": "Kab. {name}",
        "scores": "Kabupaten {name}",
        "invitations": "Bupati {name}",
    },
    "city": {
        "results": "KOTA {upper}",
        "details": "Kota {name}",
        "scores": "Kota {name}",
        "invitations": "Walikota {name}",
    },
    "district": {
        "results": "KEC. {upper}",
        "details": "Kec. {name}",
        "scores": "Kecamatan {name}",
        "invitations": "Camat {name}",
    },
}
TABLES = ("results", "details", "scores", "invitations")

_FIRST = [
    "Suka",
    "Karang",
    "Tanjung",
    "Sungai",
    "Batu",
    "Muara",
    "Gunung",
    "Pulau",
    "Lubuk",
    "Padang",
    "Sumber",
    "Kali",
    "Tegal",
    "Wono",
    "Bumi",
    "Mekar",
    "Banjar",
    "Rawa",
    "Kampung",
    "Simpang",
    "Air",
    "Teluk",
    "Parit",
    "Bukit",
    "Talang",
    "Pasir",
    "Cipta",
    "Purwo",
    "Sido",
    "Margo",
]
_LAST = [
    "maju",
    "jaya",
    "mulya",
    "sari",
    "rejo",
    "agung",
    "indah",
    "baru",
    "lama",
    "tengah",
    "timur",
    "barat",
    "hilir",
    "hulu",
    "makmur",
    "asri",
    "harjo",
    "luhur",
    "permai",
    "sentosa",
    "bakti",
    "raya",
    "dadi",
    "negara",
    "wangi",
]


def regions(wanted: int, seed: int) -> pl.DataFrame:
    """
    The provinces and `wanted` regions that are scored, governments before districts.

    One row per region: region_code, region_type, region_name, province_code as in official_regions,
    and for each of TABLES the name as that table prints it (null where it never does).
    """
    official = seeds.read("official_regions")
    governments = official.filter(pl.col("region_type") != "province")
    chosen = _spread(governments, min(wanted, GOVERNMENTS))
    districts = _spread(_districts(governments, seed), max(wanted - GOVERNMENTS, 0))
    whole = pl.concat([official.filter(pl.col("region_type") == "province"), chosen, districts])
    name = pl.col("region_name").str.replace(r"^(Provinsi|Kabupaten|Kota|Kecamatan) ", "")
    return whole.with_columns(
        pl.coalesce(
            pl.when(pl.col("region_type") == kind).then(_printed(printed.get(table), name))
            for kind, printed in _PRINTED.items()
        ).alias(table)
        for table in TABLES
    )


def _printed(pattern: str | None, name: pl.Expr) -> pl.Expr:
    if pattern is None:
        return pl.lit(None, pl.String)
    form = name.str.to_uppercase() if "{upper}" in pattern else name
    return pl.format(pattern.replace("{upper}", "{}").replace("{name}", "{}"), form)


def _spread(frame: pl.DataFrame, wanted: int) -> pl.DataFrame:
    """So many rows of the frame, evenly over all of it, in its order."""
    rows = np.arange(min(wanted, frame.height)) * frame.height // max(min(wanted, frame.height), 1)
    return frame[rows]


def _districts(governments: pl.DataFrame, seed: int) -> pl.DataFrame:
    """All districts, in the order of their codes; some governments have few and some have many."""
    rng = np.random.default_rng([seed, 1])
    shares = rng.gamma(4.0, size=governments.height)
    counts = np.floor(shares / shares.sum() * (DISTRICTS - governments.height)).astype(int) + 1
    counts[: DISTRICTS - counts.sum()] += 1
    parent = np.repeat(np.arange(governments.height), counts)
    number = np.arange(DISTRICTS) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    names = np.array([f"{first}{last}" for first in _FIRST for last in _LAST])
    # A government never has two districts of one name: its own run of a fixed order of names.
    name = names[(parent * 37 + number * 11) % len(names)]
    return pl.DataFrame(
        {
            "parent": governments["region_name"].gather(parent),
            "code": governments["region_code"].gather(parent),
            "province_code": governments["province_code"].gather(parent),
            "number": number,
            "name": name,
        }
    ).select(
        pl.format("{}.{}", "code", pl.col("number").cast(pl.String).str.zfill(2)).alias(
            "region_code"
        ),
        pl.lit("district").alias("region_type"),
        pl.format("Kecamatan {}, {}", "name", "parent").alias("region_name"),
        "province_code",
    )


def printed_names(whole: pl.DataFrame) -> pl.DataFrame:
    """The rows of region_names: one per printed name and region."""
    return (
        whole.unpivot(on=TABLES, index="region_code", value_name="printed_name")
        .drop_nulls("printed_name")
        .select("printed_name", "region_code")
        # Two tables may print a name alike.
        .unique()
        .sort("printed_name")
    )
