"""The regions that are scored: the real governments, and below them as many districts as wanted."""

import numpy as np
import polars as pl

from . import seeds, sources

GOVERNMENTS = 514
DISTRICTS = 7_280

TABLES = ("results", "details", "scores", "invitations")
# How each kind of region is printed in each of TABLES; {} is its name without its kind.
_PRINTED = {
    "province": (None, None, "Provinsi {}", None),
    "regency": ("KAB. {}", "Kab. {}", "Kabupaten {}", "Bupati {}"),
    "city": ("KOTA {}", "Kota {}", "Kota {}", "Walikota {}"),
    "district": ("KEC. {}", "Kec. {}", "Kecamatan {}", "Camat {}"),
}


def regions(wanted: int, seed: int) -> pl.DataFrame:
    """
    The provinces and `wanted` regions that are scored, governments before districts.

    One row per region: region_code, region_type, region_name, province_code as in official_regions,
    and for each of TABLES the name as that table prints it (null where it never does).
    """
    official = seeds.read("official_regions")
    is_province = pl.col("region_type") == "province"
    governments = official.filter(~is_province)
    chosen = _spread(governments, min(wanted, GOVERNMENTS))
    districts = _spread(_districts(governments, seed), max(wanted - GOVERNMENTS, 0))
    whole = pl.concat([official.filter(is_province), chosen, districts])
    name = pl.col("region_name").str.replace(r"^(Provinsi|Kabupaten|Kota|Kecamatan) ", "")
    return whole.with_columns(
        pl.coalesce(
            pl.when(pl.col("region_type") == kind).then(
                pl.format(form, name.str.to_uppercase() if table == "results" else name)
            )
            for kind, forms in _PRINTED.items()
            if (form := forms[place])
        ).alias(table)
        for place, table in enumerate(TABLES)
    )


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
    words = sources.data("words.yml")
    names = np.array([first + last for first in words["first"] for last in words["last"]])
    # A government never has two districts of one name: its own run of a fixed order of names.
    name = names[(parent * 37 + number * 11) % len(names)]
    return governments[parent].select(
        pl.format("{}.{}", "region_code", pl.Series(number).cast(pl.String).str.zfill(2)).alias(
            "region_code"
        ),
        pl.lit("district").alias("region_type"),
        pl.format("Kecamatan {}, {}", pl.Series(name), "region_name").alias("region_name"),
        "province_code",
    )


def printed_names(whole: pl.DataFrame) -> pl.DataFrame:
    """The rows of region_names: one per printed name and region."""
    names = whole.unpivot(on=TABLES, index="region_code", value_name="printed_name")
    # Two tables may print a name alike.
    return names.drop_nulls().select("printed_name", "region_code").unique().sort("printed_name")
