"""Small documents of every kind, for tests that need many or need them quickly."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import ingest_rendering as rendering

SCORES = """NOMOR 9 TAHUN 2031
Pelayanan Publik Tahun 2031
Pada tanggal 31 Desember 2031

No\tDAFTAR KOTA\tIPP DINAS SOSIAL\tIPP RSUD\tIPP DISDUKCAPIL\tIPP KOTA\tKATEGORI
1.\tKota Metro\t4,32\t4,70\t4,79\t4,60\tA
2.\tKota Jambi\t3,89\t3,45\t4,55\t3,96\tB
3.\tKota Ambon\t4,16\t*NA\t3,84\t4,00\tB

No\tDAFTAR KABUPATEN\tIPP DINAS SOSIAL\tIPP RSUD\tIPP DISDUKCAPIL\tIPP KABUPATEN\tKATEGORI
1.\tKabupaten Badung\t4,00\t4,00\t4,00\t4,00\tB
2.\tKabupaten Siak\t3,00\t3,00\t-\t3,00\tC

INDEKS\tKATEGORI
4,51-5,00\tA
4,01-4,50\tA-
"""
RESULTS = (
    """Nomor : B-9/DJAI/01/2032
Jakarta, 3 Januari 2032
Hal : Hasil

1\tBupati Badung\t3\tWalikota Ambon
2\tWalikota Jambi\t4\t

Hasil Evaluasi Smart City Tahun 2031:
"""
    + "\t".join(rendering.RESULTS)
    + """
1\tKAB. BADUNG\t3,66\t3,17\t2,87\t3,18\t3,27\t3,19\t0,22
2\tKOTA JAMBI\t3,54\t2,89\t3,30\t2,91\t3,50\t3,22\t-0,02
3\tKOTA AMBON\tTidak mengikuti evaluasi

NO\tNAMA KAB KOTA\tBASELINE\t\t\tOUTPUT
\t\tNilai Evaluasi Tahun 2030\tMaster Plan\tDewan\tPeraturan
1\tKab. Badung\t2,97\t4,00\t3,00\t4,00
2\tKota Jambi\t3,24\t4,00\t3,00\t3,00

NO\tNAMA KAB KOTA\tManfaat inovasi\tKeunikan inovasi
1\tKab. Badung\t2,00\t4,00
2\tKota Jambi\t3,00\t4,00\t1,00
"""
)
FORM = """FORMULIR PENGUKURAN KINERJA PERANGKAT DAERAH TAHUN 2031

Perangkat Daerah : Inspektorat Kota Jambi

NO.\tSASARAN STRATEGIS\tINDIKATOR SASARAN\tTARGET\tCARA PENGUKURAN\tTRIWULAN II\t\tKETERANGAN\t\
PROGRAM/KEGIATAN/SUB KEGIATAN\tPAGU\tTRIWULAN II\t\tKETERANGAN
\t\t\t\t\tREALISASI\t%\t\t\t\tREALISASI\t%
1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13
1\tPengawasan\tNilai SAKIP\t70\tSurvei\t68,64\t98%\t\tProgram Pengawasan\t2.000.000\t500.000\t25,00%
\t\tNilai SPIP\t3\t\t-\t\t\tKegiatan Reviu\t2.000.000\t500.000\t25,00%
\t\t\t\t\t\t\t\tReviu Laporan Kinerja\t2.000.000\t500.000\t25,00%

Total Anggaran\t\t\t\t\t\t\t\t2.000.000\t500.000\t25,00%

Uraian Permasalahan : 1. Sumber daya manusia; 2. Teknologi informasi

Rencana Tindak Lanjut : Melakukan pelatihan, Melakukan monitoring

INSPEKTUR
"""
LETTER = """Nomor : B/9/AA.05/2031
Hal : Hasil Evaluasi Akuntabilitas Kinerja
Instansi Pemerintah (AKIP) Tahun
2031

3 September 2031

Disampaikan kepada Pemerintah Kota Jambi hal berikut:

2. Tindak Lanjut Hasil Evaluasi Tahun Sebelumnya
- a. Aplikasi manajemen kinerja;

3. Hasil Evaluasi

Komponen Yang Dinilai\t\tBobot\tNilai\t
\t\t\t2030\t2031
a.\tPerencanaan Kinerja\t30\t23,01\t23,09
b.\tPengukuran Kinerja\t30\t19,35\t19,51
Nilai Hasil Evaluasi\t\t60\t42,36\t42,60
Tingkat Akuntabilitas Kinerja\t\t\tC\tC

1) Perencanaan Kinerja
- a. Penjenjangan (cascading) kinerja;
- b. Kinerja lintas unit (cross-cutting)
seperti pada unit lain.

4. Rekomendasi
- 1) Pembandingan (benchmark) kinerja.
"""
DOCUMENTS = {
    "public_service_2031": SCORES,
    "smart_city_2031": RESULTS,
    "performance_jambi_inspektorat_2031_q2": FORM,
    "accountability_jambi_2031": LETTER,
}


def small_seeds(folder: Path) -> Path:
    """Seeds without documents; folders for ingest to fill."""
    return rendering.emptied_seeds(folder)


def state(seeds: Path) -> dict[str, bytes]:
    """Every file of the seeds with its bytes."""
    return {
        str(path.relative_to(seeds)): path.read_bytes()
        for path in sorted(seeds.rglob("*"))
        if path.is_file()
    }


def put_back(seeds: Path, files: dict[str, bytes]) -> None:
    """Make the seeds what they were when `state` gave these files."""
    shutil.rmtree(seeds, ignore_errors=True)
    for name, data in files.items():
        (seeds / name).parent.mkdir(parents=True, exist_ok=True)
        (seeds / name).write_bytes(data)


def rows_of(seeds: Path, seed: str) -> list[list[str]]:
    """A raw seed's rows as lists of cells."""
    assert seed in rendering.TABLES
    return [list(row.values()) for row in rendering.read(seeds / "raw" / f"{seed}.csv")]


def is_complete(seeds: Path) -> bool:
    """Whether raw rows have one key each and agree with expected rows and the register."""
    counts: dict[tuple[str, str, str], int] = {}
    for seed, declared in rendering.TABLES.items():
        rows = rendering.read(seeds / "raw" / f"{seed}.csv")
        key = ("document_id", "table_id", *declared.order)
        if len({tuple(row[name] for name in key) for row in rows}) < len(rows):
            return False
        for row in rows:
            table = seed, row["document_id"], row["table_id"]
            counts[table] = counts.get(table, 0) + 1
    expected = {
        (row["seed_name"], row["document_id"], row["table_id"]): int(row["expected_rows"])
        for row in rendering.read(seeds / "reference" / "expected_rows.csv")
    }
    register = rendering.read(seeds / "reference" / "document_register.csv")
    named = {row["document_id"] for row in register}
    return counts == expected and {key[1] for key in counts} <= named


def no_gate(copy: Path, documents: Sequence[str]) -> None:
    """Lets everything pass: for documents that are made to be damaged or partial."""
