"""
Other engines doing the limit's work on the index stream: finals, ranks and verdicts from the same
Parquet.

Each function reads FOLDER and writes finals, ranks and verdicts as Parquet to OUTPUT. The
statements of Spark, Sail and ClickHouse are one text (sql/peer_index.sql) with a few words of each
dialect; polars and pandas are written in theirs.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from . import small, sources

RESULTS = ("finals", "ranks", "verdicts")
TABLES = ("smart_city__details", "smart_city__results", "public_service__scores")
_NUMBER = r"^-?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]{1,4})?%?$"


def _statements(
    known: dict[str, pa.Table], **dialect: Callable[[str], str] | Callable[[str, str], str]
) -> Iterator[tuple[str, str]]:
    """Name and query of each step, in order."""
    words = ", ".join(f"'{word}'" for word in known["words"]["printed_text"].to_pylist())
    text = sources.sql("peer_index.sql", words=words, **dialect)
    text = re.sub(r"^\s*--[^-].*$", "", text, flags=re.MULTILINE)
    for step in re.split(r"^----$", text, flags=re.MULTILINE):
        name, query = step.strip().split(":", 1)
        yield name, query


# --- ClickHouse, in this process ---


def clickhouse(folder: Path, output: Path, memory: str, threads: int) -> None:
    """chdb: each step a table of its own."""
    from chdb import session

    def points(text: str) -> str:
        plain = f"replaceAll(replaceAll(replaceAll({text}, '.', ''), ',', '.'), '%', '')"
        return (
            f"if(match({text}, '{_NUMBER}'), toInt32(toDecimal64OrNull({plain}, 5) * 100000), null)"
        )

    database = session.Session(str(output / "chdb"))
    settings = {
        "max_threads": threads,
        "max_memory_usage": sources.in_bytes(memory),
        "max_bytes_before_external_group_by": sources.in_bytes(memory) // 2,
        "max_bytes_before_external_sort": sources.in_bytes(memory) // 2,
        "join_algorithm": "'default'",
        "join_use_nulls": 1,
        "prefer_column_name_to_alias": 1,
        "enable_analyzer": 1,
        "output_format_parquet_string_as_string": 1,
    }
    for name, value in settings.items():
        database.query(f"set {name} = {value}")
    database.query("create database if not exists work engine = Atomic")
    database.query("use work")
    known = small.tables(folder)
    for name, table in known.items():
        pq.write_table(table, output / f"{name}.parquet")
        database.query(
            f"create table {name} engine = Memory as "
            f"select * from file('{output}/{name}.parquet', Parquet)"
        )
    for name in TABLES:
        database.query(
            f"create view {name} as select * from file('{folder}/{name}/*.parquet', Parquet)"
        )
    for name, query in _statements(
        known,
        points=points,
        div=lambda numerator, denominator: f"intDiv({numerator}, {denominator})",
        micro=lambda whole: f"toDecimal64({whole}, 0) * toDecimal64('0.000001', 6)",
    ):
        if name in RESULTS:
            database.query(f"insert into function file('{output}/{name}.parquet', Parquet) {query}")
        else:
            database.query(f"create table {name} engine = Memory as {query}")
    database.close()


# --- Spark and Sail: one text ---


def _in_spark(session: Any, folder: Path, output: Path) -> None:
    def points(text: str) -> str:
        plain = f"replace(replace(replace({text}, '.', ''), ',', '.'), '%', '')"
        number = f"cast(cast({plain} as decimal(18, 5)) * 100000 as int)"
        return f"case when {text} rlike '{_NUMBER}' then {number} end"

    known = small.tables(folder)
    for name, table in known.items():
        pq.write_table(table, output / f"{name}.parquet")
        session.read.parquet(str(output / f"{name}.parquet")).createOrReplaceTempView(name)
    for name in TABLES:
        session.read.parquet(str(folder / name)).createOrReplaceTempView(name)
    for name, query in _statements(
        known,
        points=points,
        div=lambda numerator, denominator: f"(({numerator}) div ({denominator}))",
        micro=lambda whole: (
            f"cast(cast({whole} as decimal(18, 0)) * cast('0.000001' as decimal(7, 6)) "
            "as decimal(18, 6))"
        ),
    ):
        frame = session.sql(query)
        # What is read more than once is written once; the others are views.
        if name in {"sums", "lines", "decisions", "claims", *RESULTS}:
            frame.write.mode("overwrite").parquet(str(output / name))
            frame = session.read.parquet(str(output / name))
        frame.createOrReplaceTempView(name)


def spark(folder: Path, output: Path, memory: str, threads: int) -> None:
    """Spark in local mode."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(f"local[{threads}]")
        .config("spark.driver.memory", memory.replace("GB", "g"))
        .config("spark.sql.shuffle.partitions", 4 * threads)
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.local.dir", str(output / "spill"))
        .getOrCreate()
    )
    _in_spark(session, folder, output)
    session.stop()


def sail(folder: Path, output: Path, memory: str, threads: int) -> None:
    """Sail: Spark's protocol and SQL on DataFusion, in this process."""
    import os

    os.environ.setdefault("SAIL_EXECUTION__DEFAULT_PARALLELISM", str(threads))
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    _in_spark(session, folder, output)
    session.stop()
    server.stop()


# --- polars ---


def _points(values: pl.Expr) -> pl.Expr:
    plain = values.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    number = (
        plain.str.strip_chars_end("%").cast(pl.Decimal(18, 5), strict=False).cast(pl.Decimal(18, 5))
    )
    return pl.when(values.str.contains(_NUMBER)).then((number * 100_000).cast(pl.Int32))


def _low(score: pl.Expr, half: pl.Expr, least: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(score - half, pl.min_horizontal(least, score))


def _high(score: pl.Expr, half: pl.Expr, most: pl.Expr) -> pl.Expr:
    return pl.min_horizontal(score + half, pl.max_horizontal(most, score))


def _quotient(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    whole = (20 * numerator + denominator) // (2 * denominator)
    return (whole.cast(pl.Decimal(18, 0)) * pl.lit("0.000001").cast(pl.Decimal(7, 6))).cast(
        pl.Decimal(18, 6)
    )


def _verdict() -> pl.Expr:
    divisor, step, published = pl.col("divisor"), pl.col("step"), pl.col("published")

    def meet(low: str, high: str) -> pl.Expr:
        return (2 * pl.col(low) <= divisor * (2 * published + step)) & (
            2 * pl.col(high) >= divisor * (2 * published - step)
        )

    rounded = (2 * pl.col("score_sum") + divisor * step) // (2 * divisor * step) * step
    return (
        pl.when(pl.col("lowest_sum").is_null())
        .then(pl.lit("not_computable"))
        .when(pl.col("complete") & (rounded == published))
        .then(pl.lit("exact"))
        .when(pl.col("complete") & meet("low_sum", "high_sum"))
        .then(pl.lit("within_rounding"))
        .when(meet("lowest_sum", "highest_sum"))
        .then(pl.lit("within_bounds"))
        .otherwise(pl.lit("outside"))
    )


_CLAIM = (
    "document_id",
    "region_code",
    "rule_id",
    "component_code",
    "published",
    "step",
    "divisor",
    "complete",
)
_SUMS = ("score_sum", "low_sum", "high_sum", "lowest_sum", "highest_sum")


def polars(folder: Path, output: Path, memory: str, threads: int) -> None:
    """polars with its streaming engine."""
    known = {
        name: pl.from_arrow(table).lazy()  # type: ignore[union-attr]
        for name, table in small.tables(folder).items()
    }

    def scan(name: str) -> pl.LazyFrame:
        return pl.scan_parquet(folder / name / "*.parquet")

    # A text is parsed once: there are a few hundred different ones.
    texts = scan("smart_city__details").select(pl.col("value").unique()).collect(engine="streaming")
    parsed = texts.with_columns(_points(pl.col("value")).alias("score")).drop_nulls()
    cells = scan("smart_city__details").with_columns(
        score=pl.col("value").replace_strict(
            parsed["value"], parsed["score"], default=None, return_dtype=pl.Int64
        )
    )
    score = pl.col("score")
    half, least, most = pl.col("half"), pl.col("score_min"), pl.col("score_max")
    sums = (
        cells.join(
            known["known_columns"].filter(pl.col("is_placed")),
            on=["document_id", "block_no", "column_no"],
        )
        .filter(score.is_not_null())
        .group_by("letter", "row_no", "dimension")
        .agg(
            children=pl.len().cast(pl.Int64),
            score_sum=score.sum(),
            low_sum=_low(score, pl.col("printed_half"), least).sum(),
            high_sum=_high(score, pl.col("printed_half"), most).sum(),
            above_least=(_low(score, half, least) - least).sum(),
            above_most=(_high(score, half, most) - most).sum(),
            previous_score=score.filter(pl.col("is_previous")).max(),
        )
        .collect(engine="streaming")
        .lazy()
    )
    slots = pl.col("slots").first()
    unplaced = (
        cells.join(known["slots"], on=["document_id", "block_no"])
        .filter(score.is_not_null())
        .group_by("letter", "block_no", "row_no", "dimension")
        .agg(
            children=pl.min_horizontal(pl.len(), slots).cast(pl.Int64),
            above_least=(_low(score, half, least) - least).sort().head(slots).sum(),
            above_most=(_high(score, half, most) - most).sort(descending=True).head(slots).sum(),
        )
        .group_by("letter", "row_no", "dimension")
        .agg(pl.col("children", "above_least", "above_most").sum())
        .rename({name: f"unplaced_{name}" for name in ("children", "above_least", "above_most")})
        .collect(engine="streaming")
        .lazy()
    )

    _rest(folder, output, known, sums, unplaced)


def _rest(
    folder: Path,
    output: Path,
    known: dict[str, pl.LazyFrame],
    sums: pl.LazyFrame,
    unplaced: pl.LazyFrame,
) -> None:
    """From the sums of each line's cells to finals, ranks and verdicts."""
    words = known["words"].collect().to_series().to_list()

    def scan(name: str) -> pl.LazyFrame:
        return pl.scan_parquet(folder / name / "*.parquet")

    def printed(
        name: str, columns: tuple[str, ...], others: dict[str, str], *keep: str
    ) -> pl.LazyFrame:
        return (
            scan(name)
            .join(known["letters"], on="document_id")
            .join(known["names"], left_on="region_name", right_on="printed_name")
            .select(
                "letter", "document_id", "edition_year", "region_code", *keep,
                *(_points(pl.col(one)).cast(pl.Int64).alias(one) for one in columns),
                *(pl.col(one).is_in(words).fill_null(False).alias(f"no_{one}") for one in columns),
                *(_points(pl.col(one)).cast(pl.Int64).alias(name) for one, name in others.items()),
            )
            .filter(pl.col("total").is_not_null())
        )  # fmt: skip

    lines = (
        printed(
            "smart_city__results", sources.DIMENSIONS,
            {"final_score": "total", "improvement": "improvement"}, "row_no",
        )
        .collect(engine="streaming")
        .lazy()
    )  # fmt: skip
    decisions = (
        printed("public_service__scores", sources.UNITS, {"index_score": "total"})
        .collect(engine="streaming")
        .lazy()
    )
    dimensions = (
        lines.unpivot(
            on=sources.DIMENSIONS,
            index=["letter", "document_id", "edition_year", "region_code", "row_no"],
            variable_name="component_code",
            value_name="published",
        )
        .drop_nulls("published")
        .join(
            known["parents"].rename({"children": "divisor"}), on=["edition_year", "component_code"]
        )
        .join(sums, on=["letter", "row_no", "dimension"], how="left")
        .join(unplaced, on=["letter", "row_no", "dimension"], how="left")
        .with_columns(
            rule_id=pl.lit("smart_city.dimension_average"),
            complete=(pl.col("children") == pl.col("divisor")).fill_null(False),
            **{
                f"{end}_sum": pl.when(
                    pl.col("children").is_not_null() | pl.col("unplaced_children").is_not_null()
                ).then(
                    pl.col(f"above_{scale}").fill_null(0)
                    + pl.col(f"unplaced_above_{scale}").fill_null(0)
                    + pl.col(scale)
                )
                for end, scale in (("lowest", "least"), ("highest", "most"))
            },
        )
        .select(*_CLAIM, *_SUMS)
    )
    totals = [
        _totals(lines, known, "smart_city", "smart_city.weighted_final", sources.DIMENSIONS),
        _totals(decisions, known, "public_service", "public_service.unit_mean", sources.UNITS),
    ]
    claims = (
        pl.concat([dimensions, *totals], how="vertical_relaxed")
        .select(
            "rule_id", "document_id", "region_code", "component_code",
            score_recomputed=pl.when("complete").then(
                _quotient(pl.col("score_sum"), pl.col("divisor"))
            ),
            score_low=_quotient(pl.col("lowest_sum"), pl.col("divisor")),
            score_high=_quotient(pl.col("highest_sum"), pl.col("divisor")),
            verdict=_verdict(),
        )
        .collect(engine="streaming")
        .lazy()
    )  # fmt: skip
    claims.select(
        "document_id",
        "region_code",
        "component_code",
        "score_recomputed",
        "score_low",
        "score_high",
    ).sink_parquet(output / "finals.parquet")
    step = pl.col("step")
    difference = pl.col("total") - pl.col("previous_score")
    rounded = difference.sign() * ((2 * difference.abs() + step) // (2 * step)) * step
    improvements = (
        lines.filter(pl.col("improvement").is_not_null())
        .join(
            sums.select("letter", "row_no", "previous_score").drop_nulls(),
            on=["letter", "row_no"],
            how="left",
        )
        .join(known["steps"].filter(pl.col("component_code") == "smart_city"), on="edition_year")
        .select(
            pl.lit("smart_city.improvement").alias("rule_id"), "document_id", "region_code",
            pl.lit("improvement").alias("component_code"),
            pl.when(pl.col("previous_score").is_null())
            .then(pl.lit("not_computable"))
            .when(rounded == pl.col("improvement"))
            .then(pl.lit("exact"))
            .when(2 * (difference - pl.col("improvement")).abs() <= 3 * step)
            .then(pl.lit("within_rounding"))
            .otherwise(pl.lit("outside"))
            .alias("verdict"),
        )
    )  # fmt: skip
    pl.concat(
        [
            claims.select("rule_id", "document_id", "region_code", "component_code", "verdict"),
            improvements,
        ]
    ).sink_parquet(output / "verdicts.parquet")
    _ranks(lines, decisions, known).sink_parquet(output / "ranks.parquet")


def _totals(
    lines: pl.LazyFrame,
    known: dict[str, pl.LazyFrame],
    component: str,
    rule: str,
    parts: tuple[str, ...],
) -> pl.LazyFrame:
    def ends(side: Callable[..., pl.Expr], half: str, end: str) -> pl.Expr:
        return pl.when(pl.any_horizontal(pl.col(one).is_not_null() for one in parts)).then(
            pl.sum_horizontal(
                pl.col(f"{one}_factor")
                * pl.when(pl.col(one).is_not_null())
                .then(side(pl.col(one), pl.col(f"{one}_{half}"), pl.col(f"{one}_{end}")))
                .when(pl.col(f"no_{one}"))
                .then(0)
                .otherwise(pl.col(f"{one}_{end}"))
                for one in parts
            )
        )

    return (
        lines.join(known[f"{component}_kinds"], on="edition_year")
        .with_columns(
            rule_id=pl.lit(rule),
            component_code=pl.lit(component),
            published=pl.col("total"),
            divisor=pl.sum_horizontal(
                pl.when(f"no_{one}").then(0).otherwise(pl.col(f"{one}_factor")) for one in parts
            ),
            complete=pl.all_horizontal(
                pl.col(one).is_not_null() | pl.col(f"no_{one}") for one in parts
            )
            & pl.any_horizontal(pl.col(one).is_not_null() for one in parts),
            score_sum=pl.sum_horizontal(
                (pl.col(one) * pl.col(f"{one}_factor")).fill_null(0) for one in parts
            ),
            low_sum=ends(_low, "printed_half", "score_min"),
            high_sum=ends(_high, "printed_half", "score_max"),
            lowest_sum=ends(_low, "half", "score_min"),
            highest_sum=ends(_high, "half", "score_max"),
        )
        .select(*_CLAIM, *_SUMS)
    )


def _ranks(
    lines: pl.LazyFrame, decisions: pl.LazyFrame, known: dict[str, pl.LazyFrame]
) -> pl.LazyFrame:
    index = ["letter", "document_id", "edition_year", "region_code", "total"]
    totals = (
        pl.concat(
            [
                lines.select(*index, component_code=pl.lit("smart_city")),
                decisions.select(*index, component_code=pl.lit("public_service")),
            ]
        )
        .join(known["steps"], on=["component_code", "edition_year"])
        .join(known["regions"], on="region_code")
    )
    grouped = pl.concat(
        [
            totals.with_columns(peer_group=pl.lit("all")),
            totals.with_columns(peer_group=pl.col("region_type")),
        ]
    ).collect(engine="streaming")
    peers = ["letter", "peer_group"]
    scores = (
        grouped.group_by(*peers, "total", "step")
        .agg(regions=pl.len().cast(pl.Int64))
        .sort(*peers, "total")
    ).with_columns(
        ahead=pl.col("regions").cum_sum(reverse=True).over(peers),
        behind=pl.col("regions").cum_sum().over(peers),
        group_size=pl.col("regions").sum().over(peers),
    )
    # How many are two steps ahead or behind: the nearest score at least so far away.
    ahead = scores.select(*peers, reached=pl.col("total"), surely_ahead="ahead").sort("reached")
    behind = scores.select(*peers, reached=pl.col("total"), surely_behind="behind").sort("reached")
    places = (
        scores.with_columns(
            above=pl.col("total") + 2 * pl.col("step"), below=pl.col("total") - 2 * pl.col("step")
        )
        .sort("above")
        .join_asof(
            ahead, left_on="above", right_on="reached", by=peers, strategy="forward",
            check_sortedness=False,
        )
        .sort("below")
        .join_asof(
            behind, left_on="below", right_on="reached", by=peers, strategy="backward",
            check_sortedness=False,
        )
        .select(
            *peers, "total",
            rank=1 + pl.col("ahead") - pl.col("regions"),
            rank_best=1 + pl.col("surely_ahead").fill_null(0),
            rank_worst=pl.col("group_size") - pl.col("surely_behind").fill_null(0),
        )
    )  # fmt: skip
    return (
        grouped.lazy()
        .join(places.lazy(), on=[*peers, "total"])
        .select("document_id", "region_code", "peer_group", "rank", "rank_best", "rank_worst")
    )


# --- pandas ---


def pandas(folder: Path, output: Path, memory: str, threads: int) -> None:
    """pandas: the cells are its own work, all in memory; polars does the rest, which is small."""
    import numpy as np
    import pandas as pd

    known = {name: table.to_pandas() for name, table in small.tables(folder).items()}
    columns = ["document_id", "block_no", "row_no", "column_no", "value"]
    cells = pd.read_parquet(folder / "smart_city__details", columns=columns)
    texts = cells["value"].astype("category")
    parsed = pl.select(_points(pl.lit(pl.Series(texts.cat.categories.to_list())))).to_series()
    points = np.append(parsed.cast(pl.Float64).fill_null(float("nan")).to_numpy(), np.nan)
    cells["score"] = points[texts.cat.codes.to_numpy()]
    cells = cells.drop(columns="value").dropna(subset="score").astype({"score": "int64"})

    def spread(frame: Any, half: str) -> tuple[Any, Any]:
        score, least, most = frame["score"], frame["score_min"], frame["score_max"]
        return (
            np.maximum(score - frame[half], np.minimum(least, score)),
            np.minimum(score + frame[half], np.maximum(most, score)),
        )

    placed = known["known_columns"].query("is_placed")
    frame = cells.merge(placed, on=["document_id", "block_no", "column_no"])
    frame["low_sum"], frame["high_sum"] = spread(frame, "printed_half")
    low, high = spread(frame, "half")
    frame["above_least"], frame["above_most"] = low - frame["score_min"], high - frame["score_max"]
    frame["previous_score"] = frame["score"].where(frame["is_previous"])
    keys = ["letter", "row_no", "dimension"]
    sums = frame.groupby(keys, as_index=False).agg(
        children=("score", "size"),
        score_sum=("score", "sum"),
        low_sum=("low_sum", "sum"),
        high_sum=("high_sum", "sum"),
        above_least=("above_least", "sum"),
        above_most=("above_most", "sum"),
        previous_score=("previous_score", "max"),
    )
    sums["previous_score"] = sums["previous_score"].astype("Int64")

    frame = cells.merge(known["slots"], on=["document_id", "block_no"]).sort_values("score")
    low, high = spread(frame, "half")
    frame["above_least"], frame["above_most"] = low - frame["score_min"], high - frame["score_max"]
    rows = frame.groupby(["letter", "block_no", "row_no", "dimension"])
    lowest = frame[rows.cumcount() < frame["slots"]]
    highest = frame[rows.cumcount(ascending=False) < frame["slots"]]
    unplaced = lowest.groupby(keys).agg(
        unplaced_children=("score", "size"), unplaced_above_least=("above_least", "sum")
    )
    unplaced["unplaced_above_most"] = highest.groupby(keys)["above_most"].sum()
    _rest(
        folder,
        output,
        {name: pl.from_pandas(table).lazy() for name, table in known.items()},
        pl.from_pandas(sums).lazy(),
        pl.from_pandas(unplaced.reset_index()).lazy(),
    )
