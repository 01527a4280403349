// The map: d3 draws it, the settings are in the address, arrow keys walk from region to region.
const words = K.words("map-words");
const controls = document.getElementById("map-controls");
const { edition, layer, level, province } = controls.elements;
const title = document.getElementById("map-title");
const status = document.getElementById("map-said");
const width = 960, height = 400;

K.need("regions", (regions) => K.need("borders", (topology) => {
    const shapes = topojson.feature(topology, topology.objects.data).features;
    const provinces = [...d3.group(topology.objects.data.geometries, (shape) => shape.id.slice(0, 2))].map(([id, parts]) => ({
        type: "Feature", id, geometry: topojson.mergeArcs(topology, parts),
    })).map((shape) => ({ ...shape, geometry: topojson.feature(topology, shape.geometry).geometry }));
    const lines = topojson.mesh(topology, topology.objects.data, (one, other) => one.id.slice(0, 2) !== other.id.slice(0, 2));
    const whole = { type: "FeatureCollection", features: shapes };
    const svg = d3.select("#map").append("svg").attr("viewBox", [0, 0, width, height]).attr("role", "group").attr("aria-labelledby", "map-title");
    const hatch = svg.append("pattern").attr("id", "hatch").attr("width", 5).attr("height", 5).attr("patternUnits", "userSpaceOnUse").attr("patternTransform", "rotate(45)");
    hatch.append("rect").attr("width", 5).attr("height", 5).attr("class", "ground");
    hatch.append("rect").attr("width", 2).attr("height", 5).attr("class", "line");
    const land = svg.append("g");
    const mesh = svg.append("path").attr("class", "provinces");
    let current = null;

    const told = K.settings();
    if (told.get("edition")) edition.value = told.get("edition");
    if (!edition.value) edition.selectedIndex = 0;
    if (told.get("level")) level.value = told.get("level");
    if (told.get("province")) province.value = told.get("province");
    const asked = told.get("region");
    if (asked) {
        if (asked.length === 2) level.value = "province";
        province.value = asked.slice(0, 2);
        current = asked;
    }

    function layers(data, wanted) {
        layer.replaceChildren();
        const groups = {};
        for (const [code, component] of Object.entries(data.components)) {
            const depth = Math.min(component.depth, 2);
            groups[depth] ||= layer.appendChild(Object.assign(document.createElement("optgroup"), { label: depth < 2 ? "" : "…" }));
            groups[depth].append(new Option(K.label(component), code));
        }
        const verdicts = layer.appendChild(Object.assign(document.createElement("optgroup"), { label: words.verdict }));
        for (const [code, component] of Object.entries(data.components)) {
            if (Object.values(component.values).some(([, verdict]) => verdict >= 0)) verdicts.append(new Option(`${words.verdict}: ${K.label(component)}`, `verdict:${code}`));
        }
        if ([...layer.options].some((option) => option.value === wanted)) layer.value = wanted;
    }

    function draw(data) {
        const [code, isVerdict] = layer.value.startsWith("verdict:") ? [layer.value.slice(8), true] : [layer.value, false];
        const component = data.components[code];
        const drawn = (level.value === "province" ? provinces : shapes).filter((shape) => !province.value || shape.id.slice(0, 2) === province.value);
        const projection = d3.geoMercator().fitExtent([[6, 6], [width - 6, height - 6]], province.value ? { type: "FeatureCollection", features: drawn } : whole);
        const path = d3.geoPath(projection);
        const value = (shape) => component.values[shape.id]?.[isVerdict ? 1 : 0] ?? null;
        const known = drawn.filter((shape) => value(shape) !== null && !(isVerdict && value(shape) < 0));
        const scores = known.map(value);
        const color = isVerdict
            ? (verdict) => (verdict === null || verdict < 0 ? null : `var(--${words.codes[verdict]})`)
            : d3.scaleQuantile(scores, d3.range(1, 8).map((step) => `var(--step-${step})`));
        const text = (shape) => {
            const shown = value(shape);
            if (shown === null || (isVerdict && shown < 0)) return isVerdict && shown !== null ? words.unverified : words.no_value;
            return isVerdict ? words.verdicts[shown] : K.number(shown, component.places);
        };
        const name = (shape) => regions[shape.id]?.[0] ?? shape.id;
        const say = (shape) => { status.textContent = `${name(shape)}: ${text(shape)}`; };

        title.textContent = !known.length ? K.fill(words.title_empty, { label: K.label(component) })
            : isVerdict ? K.fill(words.title_verdicts, { label: K.label(component), count: K.number(known.length), outside: K.number(scores.filter((one) => words.codes[one] === "outside").length) })
            : (() => {
                const best = d3.greatest(known, value);
                return K.fill(words.title, { label: K.label(component), count: K.number(known.length), best: K.number(value(best), component.places), who: name(best), median: K.number(d3.median(scores), component.places) });
            })();
        document.getElementById("map-source").textContent = words.sources[edition.value];

        if (!drawn.some((shape) => shape.id === current)) current = drawn[0]?.id;
        const links = land.selectAll("a").data(drawn, (shape) => shape.id).join((enter) => {
            const link = enter.append("a");
            link.append("path");
            return link;
        })
            .attr("href", (shape) => `${K.home}region/${shape.id}.html`)
            .attr("tabindex", (shape) => (shape.id === current ? 0 : -1))
            .attr("data-region", (shape) => shape.id)
            .attr("aria-label", (shape) => `${name(shape)}: ${text(shape)}`)
            .on("pointerenter focus", (_, shape) => say(shape));
        links.select("path").attr("d", path).attr("class", (shape) => (value(shape) === null || (isVerdict && value(shape) < 0) ? "blank" : "")).style("fill", (shape) => (value(shape) === null ? null : color(value(shape))))
            // Borders of neighbours do not quite meet: a province covers its own seams.
            .style("stroke", (shape) => (level.value === "province" && value(shape) !== null ? color(value(shape)) : null)).style("stroke-width", level.value === "province" ? 1.4 : null);
        links.on("keydown", (event, shape) => {
            const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
            if (event.key === "Escape") { province.value = ""; redraw(); }
            if (!step) return;
            event.preventDefault();
            const [x, y] = path.centroid(shape);
            const next = d3.least(drawn, (other) => {
                const [dx, dy] = [path.centroid(other)[0] - x, path.centroid(other)[1] - y];
                const ahead = dx * step[0] + dy * step[1];
                return other.id !== shape.id && ahead > 0.01 ? Math.hypot(dx, dy) + 2 * Math.abs(dx * step[1] + dy * step[0]) : Infinity;
            });
            if (!next) return;
            land.selectAll("a").attr("tabindex", -1);
            current = next.id;
            land.select(`a[data-region="${current}"]`).attr("tabindex", 0).node().focus();
        });
        mesh.attr("d", province.value ? null : path(lines));

        const legend = d3.select("#map-legend").html("");
        const key = (fill, said, name = "") => {
            const item = legend.append("span").attr("class", `key ${name}`);
            item.append("i").style("background", fill);
            item.append("span").text(said);
        };
        if (isVerdict) words.verdicts.forEach((word, place) => { if (scores.includes(place)) key(`var(--${words.codes[place]})`, word); });
        else if (known.length) color.range().forEach((fill) => {
            const [from, to] = color.invertExtent(fill);
            if (!(from < to)) return;
            key(fill, `${K.number(from, component.places)}–${K.number(to, component.places)}`);
        });
        key("", words.no_value, "blank");

        const behind = document.querySelector("#map-table tbody");
        behind.replaceChildren(...drawn.filter((shape) => component.values[shape.id]).sort((one, other) => (component.values[other.id][0] ?? -1) - (component.values[one.id][0] ?? -1)).map((shape) => {
            const row = document.createElement("tr");
            const [score, verdict] = component.values[shape.id];
            const head = Object.assign(document.createElement("th"), { scope: "row" });
            head.append(Object.assign(document.createElement("a"), { href: `${K.home}region/${shape.id}.html`, textContent: name(shape) }));
            row.append(head, ...[regions[shape.id.slice(0, 2)]?.[0] ?? "", K.number(score, component.places), verdict < 0 ? words.unverified : words.verdicts[verdict]].map((said, place) => Object.assign(document.createElement("td"), { textContent: said, className: place === 1 ? "num" : "" })));
            return row;
        }));
        K.keep(new URLSearchParams({ edition: edition.value, layer: layer.value, level: level.value === "regency" ? "" : level.value, province: province.value }));
    }

    let wanted = told.get("layer");
    function redraw() {
        K.need(`scores/${edition.value}`, (data) => {
            layers(data, wanted || layer.value);
            wanted = null;
            draw(data);
        });
    }
    controls.addEventListener("change", () => { wanted = layer.value; redraw(); });
    controls.addEventListener("submit", (event) => event.preventDefault());
    redraw();
}));
