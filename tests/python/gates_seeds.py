"""Seeds for the gates: made-up editions, small and without a fault, to be damaged.

Everything but the declaration of the evaluations is their own: no figure, name or rule of a loaded
document is looked at.
"""

# ruff: noqa: E501 - rows of tables

import shutil
from pathlib import Path

from warehouse import PROJECT

RAW = {
    "smart_city__invitations": """\
document_id,table_id,row_no,source_line,addressee
smart_city_2031,invitations,1,5,Bupati Badung
smart_city_2031,invitations,2,6,Walikota Jambi
smart_city_2031,invitations,3,7,
smart_city_2031,invitations,4,8,
""",
    "smart_city__results": """\
document_id,table_id,row_no,source_line,region_name,baseline,output,quick_win,impact,outcome,final_score,improvement
smart_city_2031,results,1,11,KAB. BADUNG,"3,66","3,17","2,87","3,18","3,27","3,19","0,22"
smart_city_2031,results,2,12,KOTA JAMBI,"3,54","2,89","3,30","2,91","3,50","3,22","-0,02"
smart_city_2031,results,3,13,KOTA AMBON,Tidak mengikuti evaluasi,,,,,,
smart_city_2031,results,4,14,KAB. SIAK,"2,74","2,29","3,25","3,19","2,84","2,87","-0,54"
smart_city_2031,results,5,15,KOTA METRO,"3,00","3,00","3,00","3,00","3,00","3,00","0,00"
""",
    "smart_city__detail_columns": """\
document_id,table_id,block_no,column_no,source_line,group_heading,heading
smart_city_2031,detail_columns,1,1,20,BASELINE,Tahun lalu
smart_city_2031,detail_columns,1,2,20,,Peraturan
""",
    "smart_city__details": """\
document_id,table_id,block_no,row_no,column_no,source_line,region_name,value
smart_city_2031,details,1,1,1,22,Kab. Badung,"2,97"
smart_city_2031,details,1,1,2,22,Kab. Badung,"4,00"
smart_city_2031,details,1,2,1,23,Kota Jambi,"3,24"
smart_city_2031,details,1,2,2,23,Kota Jambi,"0,00"
smart_city_2031,details,1,3,1,24,KOTA AMBON,Tidak mengikuti evaluasi
""",
    "public_service__scores": """\
document_id,table_id,row_no,source_line,region_name,social_service,hospital,third_unit,index_score,grade
public_service_2031,A,1,30,Provinsi Jambi,"4,63","4,81","4,84","4,76",A
public_service_2031,A,2,31,Provinsi Bali,"4,75","4,59","4,54","4,63",A
public_service_2031,B,1,34,Kota Jambi,"4,62","4,64","4,59","4,60",A
public_service_2031,C,1,37,Kab. Siak,"3,25",*NA,"3,39","3,32",B
public_service_2031,D,1,39,Kab. Badung,NA,NA,NA,NA,NA
""",
    "public_service__bands": """\
document_id,table_id,row_no,source_line,index_range,grade
public_service_2031,bands,1,50,"4,01-5,00",A
public_service_2031,bands,2,51,"0,10-4,00",B
""",
    "agency_performance__targets": """\
document_id,table_id,row_no,source_line,agency_name,fiscal_year,quarter,objective_no,objective,indicator,target,realization,achievement_pct,remark
performance_made_up_2031_q1,targets,1,60,Inspektorat,2031,I,1,Pengawasan,Nilai SAKIP,70,"68,64","98,06%",
performance_made_up_2031_q1,targets,2,61,Inspektorat,2031,I,,,Nilai SPIP,3,-,,not_issued
""",
    "agency_performance__budget": """\
document_id,table_id,row_no,source_line,agency_name,fiscal_year,quarter,page_no,line_name,ceiling,realization,realization_pct
performance_made_up_2031_q1,budget,1,70,Inspektorat,2031,I,1,Program Pengawasan,20.000.000.000,4.500.000.000,"22,50%"
performance_made_up_2031_q1,budget,2,71,Inspektorat,2031,I,1,Kegiatan Reviu,6.639.931.839,479.323.799,"7,22%"
performance_made_up_2031_q1,budget,3,72,Inspektorat,2031,I,1,Reviu Laporan Kinerja,671.629.917,139.535.720,"20,78%"
performance_made_up_2031_q1,budget,4,73,Inspektorat,2031,I,1,Reviu Anggaran,500.000.000,50.000.000,"10,00%"
performance_made_up_2031_q1,budget,5,74,Inspektorat,2031,I,1,Kegiatan Audit,400.000.000,0,"0,00%"
performance_made_up_2031_q1,budget,6,75,Inspektorat,2031,I,1,Audit Kinerja,300.000.000,30.000.000,"10,00%"
performance_made_up_2031_q1,budget,7,76,Inspektorat,2031,I,1,Audit Tujuan Tertentu,200.000.000,20.000.000,"10,00%"
performance_made_up_2031_q1,budget,8,77,Inspektorat,2031,I,1,Kegiatan Pendampingan,100.000.000,54.351.269,"54,35%"
performance_made_up_2031_q1,budget,9,78,Inspektorat,2031,I,2,Pendampingan Desa,90.000.000,9.000.000,"10,00%"
performance_made_up_2031_q1,budget,10,79,Inspektorat,2031,I,2,Pendampingan Aset,80.000.000,8.000.000,"10,00%"
""",
    "accountability__components": """\
document_id,table_id,row_no,source_line,region_name,letter,component_name,weight,edition_year,value
accountability_made_up_2031,components,1,90,Kota Jambi,a,Perencanaan Kinerja,60,2031,"43,01"
accountability_made_up_2031,components,2,91,Kota Jambi,b,Pengukuran Kinerja,40,2031,"29,35"
accountability_made_up_2031,components,3,92,Kota Jambi,,Nilai,100,2031,"72,36"
accountability_made_up_2031,components,4,93,Kota Jambi,,Tingkat,,2031,BB
""",
    "notes": """\
document_id,table_id,row_no,source_line,note_no,letter,topic_code
accountability_made_up_2031,recommendation,1,95,1,a,planning
accountability_made_up_2031,recommendation,2,96,2,,unclassified
""",
}

REFERENCE = {
    "document_register": """\
document_id,instrument,edition_year,number_style,decisions
smart_city_2031,smart_city,2031,"1.234,5",
public_service_2031,public_service,2031,"1.234,5",
performance_made_up_2031_q1,agency_performance,2031,"1.234,5",
accountability_made_up_2031,accountability,2031,"1.234,5",
""",
    # The total of one tree has a wider scale from 2031 on.
    "score_trees": """\
instrument,valid_from,valid_to,component_code,parent_code,component_level,aggregation,weight,sort_order,score_min,score_max
smart_city,2021,,smart_city,,index,mean,,0,1,4
smart_city,2021,,baseline,smart_city,dimension,,,1,1,4
smart_city,2021,,output,smart_city,dimension,,,2,1,4
smart_city,2021,,quick_win,smart_city,dimension,,,3,1,4
smart_city,2021,,impact,smart_city,dimension,,,4,1,4
smart_city,2021,,outcome,smart_city,dimension,,,5,1,4
smart_city,2021,,improvement,,difference,difference,,6,-3,3
smart_city,2021,,baseline_01,baseline,indicator,,,101,1,4
smart_city,2021,,output_01,output,indicator,,,102,1,4
public_service,2024,2030,public_service,,index,mean,,0,0,4
public_service,2031,,public_service,,index,mean,,0,0,5
public_service,2024,,social_service,public_service,dimension,,,1,0,5
public_service,2024,,hospital,public_service,dimension,,,2,0,5
public_service,2024,,third_unit,public_service,dimension,,,3,0,5
accountability,2022,,accountability,,index,mean,,0,0,100
accountability,2022,,planning,accountability,dimension,,,10,0,60
accountability,2022,,measurement,accountability,dimension,,,20,0,40
""",
    "grade_bands": """\
instrument,grade
public_service,A
public_service,B
accountability,BB
accountability,C
""",
    "printed_words": "printed_text\nNA\n*NA\n-\nTidak mengikuti evaluasi\n",
    "note_topics": "topic_code\nplanning\n",
    "known_discrepancies": """\
finding_id,cause_code,accepted_on
index.scale:smart_city_2031:details:15.71/output_01:1:2,misprint,2031-12-31
""",
    "region_names": """\
printed_name,region_code
Bupati Badung,51.03
KAB. BADUNG,51.03
Kab. Badung,51.03
KAB. SIAK,14.08
Kab. Siak,14.08
KOTA AMBON,81.71
KOTA JAMBI,15.71
Kota Jambi,15.71
Walikota Jambi,15.71
KOTA METRO,18.72
Provinsi Bali,51
Provinsi Jambi,15
""",
}


def made_seeds(folder: Path) -> Path:
    """The made-up editions in a folder of seeds; gives its path."""
    seeds = folder / "seeds"
    for kind, files in (("raw", RAW), ("reference", REFERENCE)):
        (seeds / kind).mkdir(parents=True)
        for name, text in files.items():
            (seeds / kind / f"{name}.csv").write_text(text, encoding="utf-8")
    for declared in ("raw/_raw__seeds.yml", "reference/instruments.csv"):
        shutil.copy(PROJECT / "seeds" / declared, seeds / declared)
    return seeds


def copied_seeds(folder: Path) -> Path:
    """A copy of the project's seeds to be damaged."""
    target = folder / "seeds"
    shutil.copytree(PROJECT / "seeds", target)
    return target


def change(path: Path, line: int, before: str, after: str) -> None:
    """Replace a text that stands once on a line of a file (1 is the header)."""
    lines = path.read_bytes().split(b"\n")
    old, new = before.encode(), after.encode()
    assert lines[line - 1].count(old) == 1, lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    path.write_bytes(b"\n".join(lines))
