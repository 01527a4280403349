// A year's budget: how fast it was spent (Plot), and what it is made of (d3).
const words = K.words("budget-words");
const pace = document.getElementById("pace");
K.need(`budget/${pace.dataset.budget}`, (lines) => {
    const years = d3.rollup(lines, (quarters) => quarters.at(-1), (line) => line.line_code);
    const top = [...years.values()].find((line) => !years.has(line.parent_line_code));
    const shown = lines.filter((line) => line.budget_level === "program" || line.line_code === top.line_code);
    const plot = () => Plot.plot({
        width: Math.min(pace.clientWidth, 900), height: 300, marginTop: 30, marginLeft: 44, marginRight: 12, marginBottom: 36,
        style: { background: "none", fontFamily: "inherit", fontSize: "13px" },
        x: { domain: [1, 4], ticks: [1, 2, 3, 4], tickFormat: (quarter) => `${quarter}`, label: words.quarter },
        y: { domain: [0, 100], grid: true, label: `${words.pct} (%)`, tickFormat: (value) => K.number(value) },
        color: { legend: true, domain: shown.map((line) => line.line_name), range: ["var(--accent)", "#c98f00", "#3f9fd8", "#8a5aa8", "#c8480a", "#868d94"] },
        marks: [
            Plot.line(shown.filter((line) => line.line_code === top.line_code), { x: "quarter", y: "reference_pct", strokeDasharray: "5 4", stroke: "currentColor", strokeOpacity: 0.55 }),
            Plot.line(shown, { x: "quarter", y: "cumulative_realization_pct", z: "line_code", stroke: "line_name", strokeWidth: (line) => (line.line_code === top.line_code ? 3 : 1.6) }),
            Plot.dot(shown, { x: "quarter", y: "cumulative_realization_pct", r: 3, fill: "line_name", title: (line) => `${line.line_name}: ${K.number(line.cumulative_realization_pct, 2)}%` }),
        ],
    });
    const draw = () => {
        pace.replaceChildren(plot());
        // Read aloud as one picture; its table stands below.
        const drawn = pace.querySelector("figure > svg");
        drawn.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
        drawn.setAttribute("role", "img");
        drawn.setAttribute("aria-label", pace.previousElementSibling.textContent);
    };
    draw();
    addEventListener("resize", draw);

    const tree = document.getElementById("tree");
    const status = document.getElementById("tree-said");
    const parent = (line) => (line === top ? null : years.has(line.parent_line_code) ? line.parent_line_code : top.line_code);
    const root = d3.stratify().id((line) => line.line_code).parentId(parent)([...years.values()]);
    // A line has the width of its ceiling; what its children leave is lines that are lost.
    root.eachAfter((node) => { node.value = Math.max(node.data.ceiling_rupiah ?? 0, d3.sum(node.children ?? [], (child) => child.value)); });
    const color = d3.scaleQuantize([50, 100], ["#b5541c", "#d9934a", "#d8c07a", "#8fb9ad", "#2d8f85"]);
    const width = 960, depth = 56;
    d3.partition().size([width, depth * (root.height + 1)])(root);
    const svg = d3.select(tree).append("svg").attr("viewBox", [0, 0, width, depth * (root.height + 1)]).attr("role", "group");
    const part = svg.selectAll("a").data(root.descendants()).join("a")
        .attr("href", (node) => `#line-${node.id}`)
        .attr("transform", (node) => `translate(${node.x0},${node.y0})`)
        .attr("aria-label", (node) => node.data.line_name)
        .on("pointerenter focus", (_, { data }) => {
            status.textContent = `${data.line_name}: ${words.ceiling} Rp${K.number(data.ceiling_rupiah)}, ${data.year_realization_pct === null ? words.unknown : `${words.pct} ${K.number(data.year_realization_pct, 2)}%, ${words.unspent} Rp${K.number(data.year_unspent_rupiah)}`}`;
        });
    part.append("rect").attr("width", (node) => Math.max(0.5, node.x1 - node.x0 - 1)).attr("height", depth - 2).attr("rx", 2)
        .attr("class", (node) => (node.data.year_realization_pct === null ? "blank" : ""))
        .style("fill", (node) => (node.data.year_realization_pct === null ? null : color(node.data.year_realization_pct)));
    part.filter((node) => node.x1 - node.x0 > 110).append("foreignObject").attr("width", (node) => node.x1 - node.x0 - 6).attr("height", depth - 6).attr("x", 3).attr("y", 2)
        .append("xhtml:div").attr("class", "tile-text").style("color", (node) => {
            const fill = node.data.year_realization_pct === null ? null : d3.lab(color(node.data.year_realization_pct));
            return fill === null ? null : fill.l > 55 ? "#10161c" : "#fff";
        }).text((node) => node.data.line_name);
    const legend = d3.select("#tree-legend");
    color.range().forEach((fill, place) => {
        const [from, to] = color.invertExtent(fill);
        const item = legend.append("span").attr("class", "key");
        item.append("i").style("background", fill);
        item.append("span").text(place === 0 ? `< ${K.number(to)}%` : `${K.number(from)}–${K.number(to)}%`);
    });
    const item = legend.append("span").attr("class", "key blank");
    item.append("i");
    item.append("span").text(words.unknown);
});
