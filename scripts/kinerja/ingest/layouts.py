"""What is known about the printed layouts, as data: headings, openings, titles, issuers.

A new spelling of a heading or a new ministry name is a change here and nowhere else.
"""

import re
from dataclasses import dataclass

SCORE = re.compile(r"-?\d{1,3}(,\d{1,2})?|\*?NA|-|[A-Za-z][A-Za-z ]{7,}")
"""A score as these documents print it, why there is none, or a remark in words."""
GRADE = re.compile(r"[A-F][+-]?|AA|BB|CC|\*?NA|-")
RUPIAH = re.compile(r"-?\d{1,3}(\.\d{3})*|\d+|-")
PERCENT = re.compile(r"-?\d{1,5}(,\d{1,2})? ?%|-")
ANYTHING = re.compile(r".*")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its field in the raw seed, what its heading says, what its cells look like."""

    field: str
    heading: re.Pattern[str]
    value: re.Pattern[str] = ANYTHING


@dataclass(frozen=True, slots=True)
class Instrument:
    """A kind of document.

    `tables` are those that such a document has; `year` and `number` find its facts in running
    text (first match wins); titles are our own words.
    """

    name: str
    tables: tuple[str, ...]
    year: tuple[re.Pattern[str], ...]
    number: tuple[re.Pattern[str], ...]
    title: str
    title_en: str
    issuer: str


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


NUMBER_COLUMN = Column("number", _rx(r"no\.?|nomor"))

PUBLIC_SERVICE_SCORES = (
    NUMBER_COLUMN,
    Column("region_name", _rx(r"daftar (provinsi|kota|kabupaten|instansi)\b.*")),
    Column("social_service", _rx(r"ipp dinas sosial"), SCORE),
    Column("hospital", _rx(r"ipp rsud\b.*"), SCORE),
    Column(
        "third_unit",
        _rx(r"ipp (samsat|bappenda|bapenda|disdukcapil|dinas duk).*"),
        SCORE,
    ),
    Column("index_score", _rx(r"ipp (provinsi|kota|kabupaten|instansi|daerah)"), SCORE),
    Column("grade", _rx(r"kategori"), GRADE),
)
PUBLIC_SERVICE_TABLES = {
    "provinsi": "A",
    "kota": "B",
    "kabupaten": "C",
    "instansi": "D",
}
"""The printed section of each list, by the word in the heading of its names."""

PUBLIC_SERVICE_BANDS = (
    Column("index_range", _rx(r"indeks|rentang.*")),
    Column("grade", _rx(r"kategori")),
)

SMART_CITY_RESULTS = (
    NUMBER_COLUMN,
    Column("region_name", _rx(r"kabupaten ?/ ?kota|kota ?/ ?kabupaten|nama daerah")),
    Column("baseline", _rx(r"baseline\b.*"), SCORE),
    Column("output", _rx(r"output\b.*"), SCORE),
    Column("quick_win", _rx(r"quick ?win\b.*"), SCORE),
    Column("impact", _rx(r"impact\b.*"), SCORE),
    Column("outcome", _rx(r"outcome\b.*"), SCORE),
    Column("final_score", _rx(r"nilai (final|akhir)"), SCORE),
    Column("improvement", _rx(r"(tingkat )?improvement"), SCORE),
)
SMART_CITY_DETAIL_NAME = _rx(r"nama kab\.?( ?/ ?| )kota")

FORM_COLUMNS = (
    Column("objective_no", _rx(r"no\.?")),
    Column("objective", _rx(r"sasaran strategis|sasaran")),
    Column("indicator", _rx(r"indikator( sasaran| kinerja)?.*")),
    Column("target", _rx(r"target")),
    Column("method", _rx(r"cara pengukuran.*")),
    Column("target_realization", _rx(r"triwulan [ivx]+")),
    Column("target_remark", _rx(r"keterangan")),
    Column("line_name", _rx(r"program ?/ ?kegiatan.*")),
    Column("ceiling", _rx(r"pagu( anggaran)?"), RUPIAH),
    Column("budget_realization", _rx(r"triwulan [ivx]+"), RUPIAH),
    Column("budget_remark", _rx(r"keterangan")),
)
FORM_TITLE = _rx(r"formulir pengukuran kinerja perangkat daerah.*?tahun\s*(?P<year>[12]\d{3})")
FORM_AGENCY = _rx(r"(?:perangkat daerah|opd|skpd)\s*:\s*(?P<agency>.+)")
FORM_QUARTER = _rx(r"triwulan (?P<quarter>iv|i{1,3})")
FORM_NOTES = (
    ("enabler", _rx(r"faktor pendorong\s*:?\s*(?P<note>.*)")),
    ("obstacle", _rx(r"uraian permasalahan\s*:?\s*(?P<note>.*)")),
    ("plan", _rx(r"rencana tindak lanjut\s*:?\s*(?P<note>.*)")),
)
QUARTERS = {"I": "1", "II": "2", "III": "3", "IV": "4"}

AGENCY_SHORT = {
    "sekretariat daerah": "setda",
    "sekretariat dewan perwakilan rakyat daerah": "setwan",
    "sekretariat dprd": "setwan",
    "badan perencanaan pembangunan daerah": "bappeda",
}
"""Short words that make a document id of an agency's name; others are written out."""

COMPONENT_HEADING = _rx(r"komponen yang dinilai")
COMPONENT_SECTIONS = (
    ("follow_up", _rx(r"\d+\. tindak lanjut hasil evaluasi.*")),
    ("weakness", _rx(r"\d+\. hasil evaluasi")),
    ("recommendation", _rx(r"\d+\. rekomendasi")),
)

ADDRESSEE = _rx(r"(bupati|walikota|wali kota|gubernur)\b.*")

MONTHS = (
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
)
ISSUED = _rx(
    r"(?:[a-z .]+,\s*|pada tanggal\s*:?\s*|ditetapkan .*tanggal\s*|tanggal\s*:?\s*)?"
    rf"(?P<day>\d{{1,2}}) (?P<month>{'|'.join(MONTHS)}) (?P<year>[12]\d{{3}})"
)

LETTER_NUMBER = _rx(r"nomor\s*:\s*(?P<number>[^ ]+/[^ ]+)")
DECISION_NUMBER = _rx(r"nomor\s*(?P<number>\d+)\s*tahun\s*(?P<year>[12]\d{3})")
LETTER_SUBJECT = _rx(r"hal\s*:.*")

INSTRUMENTS = {
    instrument.name: instrument
    for instrument in (
        Instrument(
            "smart_city",
            ("invitations", "results", "detail_columns", "details"),
            (_rx(r"hasil evaluasi smart city tahun (?P<year>[12]\d{3})"),),
            (LETTER_NUMBER,),
            "Hasil evaluasi kota cerdas {year}",
            "Smart city evaluation results {year}",
            "Direktorat Jenderal Aplikasi Informatika",
        ),
        Instrument(
            "public_service",
            ("A", "B", "C", "D", "bands"),
            (_rx(r"pelayanan publik\b.*?tahun (?P<year>[12]\d{3})"), DECISION_NUMBER),
            (DECISION_NUMBER,),
            "Hasil evaluasi pelayanan publik {year}",
            "Public service evaluation results {year}",
            "Kementerian PANRB",
        ),
        Instrument(
            "accountability",
            ("components",),
            (_rx(r"\(?akip\)? tahun (?P<year>[12]\d{3})"),),
            (LETTER_NUMBER,),
            "Hasil evaluasi akuntabilitas kinerja {subject} {year}",
            "Performance accountability evaluation of {subject} {year}",
            "Kementerian PANRB",
        ),
        Instrument(
            "agency_performance",
            ("targets", "budget"),
            (FORM_TITLE,),
            (),
            "Pengukuran kinerja {subject} {year} triwulan {quarter}",
            "Performance measurement of {subject} {year}, quarter {quarter_no}",
            "{subject}",
        ),
    )
}
