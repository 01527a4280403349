// Tables that are sorted, searched and filtered; DataTables does the work.
const said = K.words("words");
const language = {
    info: said.shown, infoEmpty: "", infoFiltered: said.filtered, search: said.search,
    emptyTable: said.none, zeroRecords: said.none, thousands: K.language === "id" ? "." : ",",
};

// Thousands of rows are drawn page by page.
const rowsOfPage = 200;
K.table = (table, settings = {}) => {
    const paging = (settings.data || table.tBodies[0].rows).length > 5 * rowsOfPage;
    return new DataTable(table, {
        paging, pageLength: rowsOfPage, deferRender: false, order: [], language, autoWidth: false,
        ...settings,
        layout: { topStart: null, topEnd: null, bottomStart: null, bottomEnd: paging ? "paging" : null, ...settings.layout },
    });
};
// Show a row, on whichever page it is.
K.turnTo = (table, row) => {
    const place = table.rows({ order: "applied", search: "applied" }).nodes().toArray().indexOf(row);
    if (place >= 0 && table.page.info().pages > 1) table.page(Math.floor(place / rowsOfPage)).draw("page");
    row.scrollIntoView({ block: "center" });
};

// The form of filters over a table; `chosen` is told the group of peers: kind, and where.
K.filters = (form, table, chosen = () => {}) => {
    const count = form.querySelector("output");
    const told = K.settings();
    for (const name of ["kind", "area", "search"]) if (told.get(name)) form.elements[name].value = told.get(name);
    table.search.fixed("place", (_, __, index) => {
        const row = table.row(index).node().dataset;
        const { kind, area } = form.elements;
        return (!kind.value || row.kind === kind.value) && (!area.value || row.province === area.value || row.island === area.value);
    });
    const apply = () => {
        chosen((form.elements.kind.value || "all") + (form.elements.area.value ? `:${form.elements.area.value}` : ""));
        table.search(form.elements.search.value).draw();
        count.textContent = said.shown.replace("_TOTAL_", K.number(table.page.info().recordsDisplay));
        const settings = K.settings();
        for (const name of ["kind", "area", "search"]) settings.set(name, form.elements[name].value);
        K.keep(settings);
    };
    form.elements.search.addEventListener("input", apply);
    form.addEventListener("change", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
    return apply;
};

document.querySelectorAll("table.sortable").forEach((table) => K.table(table, { layout: { topStart: table.rows.length > 12 ? "search" : null } }));

const regions = document.getElementById("regions");
if (regions) K.filters(document.querySelector("[data-filters=regions]"), K.table(regions));

// A ranking: a filter chooses the group of peers, and ranks are those within it.
const ranking = document.getElementById("ranking");
if (ranking) K.need(`ranks/${ranking.dataset.edition}`, ({ causes, groups }) => {
    const words = K.words("ranking-words");
    const caption = ranking.querySelector("[data-caption]");
    const first = caption.textContent;
    const table = K.table(ranking);
    const rows = Object.fromEntries(table.rows().nodes().toArray().map((row) => [row.dataset.region, row]));
    let shown = "all";
    K.filters(document.querySelector("[data-filters=ranking]"), table, (name) => {
        if (name === shown || !(name in groups)) return;
        shown = name;
        const group = groups[name];
        caption.textContent = name === "all" ? first : K.fill(caption.dataset.text, { group: K.label(group) });
        for (const [code, [rank, standing, ...ends]] of Object.entries(group.rows)) {
            const { cells } = rows[code];
            const [best, worst] = ends.slice(-2);
            const span = best === worst ? K.number(best) : `${K.number(best)}–${K.number(worst)}`;
            cells[0].textContent = K.number(rank);
            cells[0].dataset.order = rank;
            const strip = cells[3].firstElementChild;
            strip.style.setProperty("--min", rank - 30);
            strip.style.setProperty("--max", rank + 30);
            strip.setAttribute("aria-label", span);
            causes.forEach((cause, place) => {
                const bar = strip.querySelector(`.bar.${cause}`);
                if (!bar) return;
                bar.style.setProperty("--a", ends[2 * place]);
                bar.style.setProperty("--z", ends[2 * place + 1]);
            });
            strip.querySelector(".tick").style.setProperty("--a", rank);
            strip.querySelector(".tick").style.setProperty("--z", rank);
            cells[4].textContent = span;
            cells[4].dataset.order = worst - best;
            cells[5].firstElementChild.textContent = words.standings[standing] || "–";
            cells[5].firstElementChild.className = `standing ${["surely", "possibly", "surely_not"][standing] || ""}`;
        }
        table.rows().invalidate("dom");
    });
});
