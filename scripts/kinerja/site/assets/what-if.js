// Weights moved by hand. Scores and weights are whole numbers without end, so ranks and ties are exact.
const form = document.getElementById("weights");
const body = document.getElementById("what-if");
K.need("regions", (names) => K.need(`weights/${form.dataset.edition}`, (data) => {
    const words = K.words("what-if-words");
    const title = document.getElementById("what-if-title");
    const codes = Object.keys(data.components);
    const sliders = codes.map((code) => form.elements[code]);
    const scale = 1e8;
    const told = K.settings();
    codes.forEach((code, place) => { if (told.get(code)) sliders[place].value = told.get(code); });

    const rows = Object.entries(data.scores).map(([code, scores]) => ({ code, scores, rank: null, total: null }));
    const table = K.table(body, {
        data: rows, order: [[0, "asc"]],
        columns: [
            { data: (row) => row.rank, className: "num", render: { display: (value) => K.number(value) } },
            { data: (row) => row.code, render: { display: (code) => {
                const link = document.createElement("a");
                link.href = `${K.home}region/${code}.html`;
                link.textContent = names[code][0];
                return link;
            }, filter: (code) => names[code][0], sort: (code) => names[code][0] } },
            { data: (row) => row.total, className: "num", render: { display: (value) => K.number(value, data.places + 2) } },
            { data: (row) => data.official[row.code][0], className: "num", render: { display: (value) => K.number(value, data.places) } },
            { data: (row) => data.official[row.code][1], className: "num", render: { display: (value) => K.number(value) } },
            { data: (row) => data.official[row.code][1] - row.rank, className: "num", render: { display: (value) => (value > 0 ? `▲ ${K.number(value)}` : value < 0 ? `▼ ${K.number(-value)}` : "–") } },
        ],
        createdRow: (element, row) => {
            const [, kind, province, island] = names[row.code];
            Object.assign(element.dataset, { region: row.code, kind, province, island });
        },
    });

    function weigh() {
        const weights = sliders.map((slider) => Number(slider.value));
        const sum = weights.reduce((one, other) => one + other, 0);
        sliders.forEach((slider, place) => {
            slider.nextElementSibling.textContent = `${K.number(sum ? 100 * weights[place] / sum : 0, 1)}%`;
        });
        for (const row of rows) {
            // What was not evaluated leaves its weight to the others, as in the official rule.
            row.above = 0n;
            row.below = 0n;
            row.scores.forEach((score, place) => {
                if (score === null) return;
                row.above += BigInt(score) * BigInt(weights[place]);
                row.below += BigInt(weights[place]);
            });
            row.total = row.below ? Number(row.above) / Number(row.below) / scale : null;
        }
        const counted = rows.filter((row) => row.below).sort((one, other) => {
            const apart = other.above * one.below - one.above * other.below;
            return apart > 0n ? 1 : apart < 0n ? -1 : 0;
        });
        rows.forEach((row) => { row.rank = null; });
        counted.forEach((row, place) => {
            const before = counted[place - 1];
            row.rank = before && before.above * row.below === row.above * before.below ? before.rank : place + 1;
        });
        const isOfficial = sliders.every((slider) => slider.value === slider.dataset.official);
        const moves = counted.map((row) => [Math.abs(data.official[row.code][1] - row.rank), row.code]).sort(([one], [other]) => other - one);
        const moved = moves.filter(([places]) => places);
        title.textContent = !sum ? words.none : isOfficial ? words.official : K.fill(words.moved, {
            moved: K.number(moved.length), all: K.number(counted.length),
            who: moved.length ? names[moved[0][1]][0] : "–", places: moved.length ? K.number(moved[0][0]) : "0",
        });
        table.rows().invalidate().draw();
        const settings = K.settings();
        sliders.forEach((slider) => settings.set(slider.name, slider.value === slider.dataset.official ? "" : slider.value));
        K.keep(settings);
    }
    form.addEventListener("input", weigh);
    form.addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("reset").addEventListener("click", () => {
        sliders.forEach((slider) => { slider.value = slider.dataset.official; });
        weigh();
    });
    const own = K.settings().get("region");
    weigh();
    K.filters(document.querySelector("[data-filters=what-if]"), table);
    if (own) {
        const row = table.rows().nodes().toArray().find((one) => one.dataset.region === own);
        row?.classList.add("own");
        if (row) K.turnTo(table, row);
    }
}));
