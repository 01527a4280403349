// The highest Smart City scores, read from the published file: node read.mjs kinerja.duckdb
// Prints one JSON object; scores stay the decimals of the warehouse, as text.
import { DuckDBInstance } from "@duckdb/node-api";

const [file] = process.argv.slice(2);
if (!file) {
  console.error("usage: node read.mjs FILE");
  process.exit(2);
}

const instance = await DuckDBInstance.create(file, {
  access_mode: "READ_ONLY",
  enable_external_access: "false",
  lock_configuration: "true",
}).catch((error) => {
  console.error(`cannot read ${file}: ${error.message.split("\n")[0]}`);
  process.exit(1);
});
const connection = await instance.connect();
const reader = await connection.runAndReadAll(`
  select results.rank, regions.region_name, results.final_score::varchar as final_score
  from marts.smart_city as results
  inner join marts.regions as regions on results.region_code = regions.region_code
  where results.took_part
  order by results.rank, regions.region_name
`);
const rows = reader.getRowObjectsJson();
console.log(JSON.stringify({ rows: rows.length, top: rows.slice(0, 5) }));
connection.closeSync();
instance.closeSync();
