"""New editions of known documents are rows: from file to marts with no change to SQL or Python."""

from decimal import Decimal
from pathlib import Path

import pytest
from command import kinerja
from warehouse import Warehouse, copy_editions

pytestmark = pytest.mark.builds

DECISION = """NOMOR 2 TAHUN 2025
Hasil evaluasi pelayanan publik Tahun 2025
Pada tanggal 31 Desember 2025

No\tDAFTAR PROVINSI\tIPP DINAS SOSIAL\tIPP RSUD\tIPP SAMSAT/BAPPENDA\tIPP PROVINSI\tKATEGORI
1.\tProvinsi Jambi\t4,60\t4,60\t4,60\t4,60\tA
2.\tProvinsi Sumatera Selatan\t4,20\t4,10\t4,00\t4,10\tA-
3.\tProvinsi Sumatera Barat\t3,60\t3,60\t3,60\t3,60\tB

No\tDAFTAR KOTA\tIPP DINAS SOSIAL\tIPP RSUD\tIPP DISDUKCAPIL\tIPP KOTA\tKATEGORI
1.\tKota Jambi\t4,52\t4,55\t4,52\t4,53\tA
2.\tKota Solok\t4,00\t*NA\t4,11\t4,06\tA-
3.\tKota Padang\t4,00\t4,00\t4,00\t4,00\tB
4.\tKota Palembang\t4,00\t4,00\t4,00\t4,00\tB
5.\tKota Prabumulih\t3,10\t3,20\t3,30\t3,20\tB-
6.\tKota Sungai Penuh\t2,00\t2,10\t2,20\t2,10\tC-

No\tDAFTAR KABUPATEN\tIPP DINAS SOSIAL\tIPP RSUD\tIPP DISDUKCAPIL\tIPP KABUPATEN\tKATEGORI
1.\tKabupaten Agam\t3,70\t3,70\t3,70\t3,70\tB
2.\tKabupaten Solok\t3,60\t3,60\t3,60\t3,60\tB
3.\tKabupaten Kerinci\t3,00\t2,90\t2,80\t2,90\tC
4.\tKabupaten Muaro Jambi\t2,60\t2,60\t2,60\t2,60\tC

No\tDAFTAR INSTANSI\tIPP DINAS SOSIAL\tIPP RSUD\tIPP DISDUKCAPIL\tIPP KABUPATEN\tKATEGORI
1.\tKabupaten Muara Enim\tNA\tNA\tNA\tNA\tNA
2.\tKabupaten Banyuasin\tNA\tNA\tNA\tNA\tNA

INDEKS\tKATEGORI
4,51-5,00\tA
4,01-4,50\tA-
3,51-4,00\tB
3,01-3,50\tB-
2,51-3,00\tC
2,00-2,50\tC-
"""
RESULTS = (
    "No.\tKabupaten/Kota\tBaseline (10%)\tOutput (20%)\tQuick Win (20%)\tImpact (20%)\t"
    "Outcome (30%)\tNilai Final\tTingkat Improvement"
)
LETTER = f"""Nomor : B-1/DJAI/AI.01.04/01/2024
Jakarta, 9 Januari 2024
Hal : Hasil

1\tBupati Solok\t2\tWalikota Jambi
3\tWalikota Padang\t\t

Hasil Evaluasi Smart City Tahun 2023:

{RESULTS}
1\tKAB. SOLOK\t3,00\t3,00\t3,00\t3,00\t3,00\t3,00\t-0,15
2\tKOTA JAMBI\t3,50\t3,40\t3,30\t3,20\t3,10\t3,26\t0,26
3\tKOTA PADANG\tTidak mengikuti evaluasi

NO\tNAMA KAB KOTA\tBASELINE\t\t\tOUTPUT
\t\tNilai Evaluasi Tahun 2022\tMaster Plan Smart City yang sudah\tAktivitas Dewan Smart City\t\
Realisasi Program Smart City Tahun sebelumnya
1\tKab. Solok\t3,15\t3,00\t3,00\t3,00
2\tKota Jambi\t3,00\t4,00\t3,00\t4,00
3\tKota Padang\tTidak mengikuti evaluasi
"""
FORM = """FORMULIR PENGUKURAN KINERJA PERANGKAT DAERAH TAHUN 2024

Perangkat Daerah : Dinas Kesehatan Kota Jambi

NO.\tSASARAN STRATEGIS\tINDIKATOR SASARAN\tTARGET\tCARA PENGUKURAN\tTRIWULAN III\t\tKETERANGAN\t\
PROGRAM/KEGIATAN/SUB KEGIATAN\tPAGU\tTRIWULAN III\t\tKETERANGAN
\t\t\t\t\tREALISASI\t%\t\t\t\tREALISASI\t%
1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13
1\tMeningkatnya derajat kesehatan\tNilai SAKIP\t65\tSurvei\t\t\t\tProgram Kesehatan\t2.000.000\t\
300.000\t15,00%
\t\t\t\t\t\t\t\tKegiatan Layanan\t1.500.000\t200.000\t13,33%
\t\t\t\t\t\t\t\tLayanan Ibu\t1.000.000\t150.000\t15,00%
\t\t\t\t\t\t\t\tLayanan Balita\t500.000\t50.000\t10,00%
\t\t\t\t\t\t\t\tKegiatan Data\t500.000\t100.000\t20,00%
\t\t\t\t\t\t\t\tData Kesehatan\t500.000\t100.000\t20,00%

Total Anggaran\t\t\t\t\t\t\t\t2.000.000\t300.000\t15,00%

Uraian Permasalahan : 1. Sumber daya manusia

KEPALA DINAS
"""
DOCUMENTS = {
    "public_service_2025": DECISION,
    "smart_city_2023": LETTER,
    "performance_jambi_dinas_kesehatan_2024_q3": FORM,
}


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The made-up editions and one more of each kind, added by ingest alone."""
    folder: Path = tmp_path_factory.mktemp("new")
    warehouse = copy_editions(folder / "project")
    for name, text in DOCUMENTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    files = [str(folder / f"{name}.txt") for name in DOCUMENTS]
    done = kinerja("ingest", *files, "--seeds", warehouse.folder / "seeds")
    assert done.code == 0, done.err + done.out
    # What sums up all that is loaded is another figure with more documents.
    expected = warehouse.folder / "seeds" / "reference" / "expected_figures.csv"
    lines = expected.read_text(encoding="utf-8").splitlines(keepends=True)
    expected.write_text("".join(line for line in lines if line[0] != ","), encoding="utf-8")
    warehouse.build()
    return warehouse


def test_new_documents_reach_the_marts(extended: Warehouse) -> None:
    documents = {name for (name,) in extended.rows("select document_id from marts.documents")}
    assert set(DOCUMENTS) <= documents


def test_the_new_decision_is_ranked_and_graded(extended: Warehouse) -> None:
    of_2025 = "where document_id = 'public_service_2025'"
    assert extended.rows(
        "select rank, region_code, score from marts.index_rankings "
        f"{of_2025} and peer_group = 'city' order by all"
    ) == [
        (1, "15.71", Decimal("4.53")),
        (2, "13.72", Decimal("4.06")),
        (3, "13.71", Decimal("4.00")),
        (3, "16.71", Decimal("4.00")),
        (5, "16.74", Decimal("3.20")),
        (6, "15.72", Decimal("2.10")),
    ]
    # Two regencies were not evaluated.
    assert extended.rows(
        f"select peer_group, count(*) from marts.index_rankings {of_2025} group by 1 order by 1"
    ) == [("all", 13), ("city", 6), ("province", 3), ("regency", 4)]
    assert extended.rows(f"select distinct verdict from marts.reconciliation {of_2025}") == [
        ("exact",)
    ]


def test_the_new_form_goes_on_with_the_year_of_its_agency(extended: Warehouse) -> None:
    assert extended.rows(
        "select line_code, realization_pct, quarters_printed, cumulative_realization_rupiah, "
        "cumulative_realization_pct, remaining_rupiah, children_complete "
        "from marts.budget_realization "
        "where document_id = 'performance_jambi_dinas_kesehatan_2024_q3' order by line_code"
    ) == [
        ("0", Decimal("15.00"), 3, Decimal(1_420_000), Decimal("71.00"), Decimal(580_000), True),
        ("1", Decimal("15.00"), 3, Decimal(1_420_000), Decimal("71.00"), Decimal(580_000), True),
        ("1.1", Decimal("13.33"), 3, Decimal(1_020_000), Decimal("68.00"), Decimal(480_000), True),
        ("1.1.1", Decimal("15.00"), 3, Decimal(770_000), Decimal("77.00"), Decimal(230_000), None),
        ("1.1.2", Decimal("10.00"), 3, Decimal(250_000), Decimal("50.00"), Decimal(250_000), None),
        ("1.2", Decimal("20.00"), 3, Decimal(400_000), Decimal("80.00"), Decimal(100_000), True),
        ("1.2.1", Decimal("20.00"), 3, Decimal(400_000), Decimal("80.00"), Decimal(100_000), None),
    ]


def test_the_new_letter_is_recomputed_as_far_as_it_goes(extended: Warehouse) -> None:
    assert extended.rows(
        "select rule_id, verdict, count(*) from marts.reconciliation "
        "where document_id = 'smart_city_2023' group by all order by all"
    ) == [
        ("cross.invitation_list", "exact", 3),
        # Four of six Baseline indicators are printed, and nothing of the others.
        ("smart_city.dimension_average", "not_computable", 8),
        ("smart_city.dimension_average", "within_bounds", 2),
        ("smart_city.improvement", "exact", 2),
        ("smart_city.weighted_final", "exact", 2),
    ]


def test_figures_of_the_first_editions_do_not_move(
    editions: Warehouse, extended: Warehouse
) -> None:
    new = ", ".join(f"'{name}'" for name in DOCUMENTS)
    figures = f"from marts.reconciliation where document_id not in ({new}) order by all"
    assert extended.rows(figures) == editions.rows(figures)
