// Before anything is drawn: the theme that the reader chose last.
try {
    document.documentElement.dataset.theme = localStorage.getItem("kinerja-theme") || "";
} catch {
    // Without storage the system's choice holds.
}
