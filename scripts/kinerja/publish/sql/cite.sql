-- The key by which a report cites a printed figure: this release, document, table, row and column, which marts have beside their figures: cite('public_service_2024', 'B', 1, 'index_score').
-- Kunci untuk mengutip suatu angka tercetak: rilis ini, dokumen, tabel, baris, dan kolom.
create macro cite(in_document, in_table, in_row, in_column) as concat_ws(
    '/',
    concat('kinerja:', (select arg_max(version, release_no) from marts.releases)),
    coalesce(in_document, '-'),
    coalesce(in_table, '-'),
    coalesce(cast(in_row as varchar), '-'),
    coalesce(in_column, '-')
)
