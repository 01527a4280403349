// What every page has: figures that scripts of data/ put here, theme, print, search, deep links.
const K = {
    data: {},
    waiting: {},
    root: document.body.dataset.root,
    home: document.body.dataset.home,
    language: document.documentElement.lang,
    words: (id) => JSON.parse(document.getElementById(id).textContent),
    put(name, value) {
        K.data[name] = value;
        (K.waiting[name] || []).forEach((use) => use(value));
    },
    // A file of data/, loaded once: pages from the disk may load scripts and nothing else.
    need(name, use) {
        if (name in K.data) return use(K.data[name]);
        if (name in K.waiting) return K.waiting[name].push(use);
        K.waiting[name] = [use];
        const script = document.createElement("script");
        script.src = `${K.root}data/${name}.js`;
        document.head.append(script);
    },
    number(value, places = 0) {
        if (value === null || value === undefined) return "–";
        const form = { minimumFractionDigits: places, maximumFractionDigits: places };
        return new Intl.NumberFormat(K.language === "id" ? "id-ID" : "en-GB", form)
            .format(value).replace("-", "\u2212");
    },
    fill: (text, figures) => text.replace(/\{(\w+)\}/g, (_, name) => figures[name]),
    label: (row) => row[`label_${K.language}`],
    // The part behind # as settings: #kind=city&area=15.
    settings: () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : ""),
    keep(settings) {
        const text = [...settings].filter(([, value]) => value).map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
        history.replaceState(null, "", text ? `#${text}` : location.pathname);
        K.keepHash();
    },
    keepHash() {
        document.querySelectorAll("[data-keep-hash]").forEach((link) => {
            link.href = link.getAttribute("href").split("#")[0] + location.hash;
        });
    },
};

document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
        localStorage.setItem("kinerja-theme", root.dataset.theme);
    } catch {
        // It holds until the page is left.
    }
});
document.getElementById("print").addEventListener("click", () => print());

// A link into a closed part opens it.
function reveal() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (target && target.closest("details")) target.scrollIntoView();
    K.keepHash();
}
addEventListener("hashchange", reveal);
reveal();

// Paper shows what is folded, but not every figure's evidence.
addEventListener("beforeprint", () => {
    document.querySelectorAll("details:not(.know, .menu, [open])").forEach((part) => {
        part.open = true;
        part.dataset.printed = "";
    });
});
addEventListener("afterprint", () => {
    document.querySelectorAll("[data-printed]").forEach((part) => {
        part.open = false;
        delete part.dataset.printed;
    });
});
// One piece of evidence at a time.
document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.know[open]")) {
        document.querySelectorAll("details.know[open]").forEach((other) => {
            if (other !== event.target) other.open = false;
        });
        K.place(event.target);
    }
}, true);
// Evidence stands over the page, within its width.
K.place = (part) => {
    const box = part.querySelector("dl");
    const at = part.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.right - box.offsetWidth, innerWidth - box.offsetWidth - 16))}px`;
    box.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - box.offsetHeight - 8))}px`;
};
addEventListener("scroll", () => document.querySelectorAll("details.know[open]").forEach((part) => { part.open = false; }), true);
addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("details.know[open]").forEach((part) => { part.open = false; });
});
document.addEventListener("click", (event) => {
    if (!event.target.closest("details.know")) document.querySelectorAll("details.know[open]").forEach((part) => { part.open = false; });
});

document.querySelectorAll("[data-find]").forEach((form) => {
    K.need("regions", (regions) => {
        const codes = {};
        const list = form.querySelector("datalist");
        for (const [code, [name]] of Object.entries(regions)) {
            codes[name.toLowerCase()] = code;
            list.append(new Option(name));
        }
        const go = () => {
            const said = form.querySelector("input").value.trim().toLowerCase();
            const near = codes[said] || Object.entries(codes).find(([name]) => said && name.includes(said))?.[1];
            if (near) location.href = `${K.home}region/${near}.html`;
        };
        form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
        form.querySelector("input").addEventListener("change", (event) => {
            if (codes[event.target.value.trim().toLowerCase()]) go();
        });
    });
});
