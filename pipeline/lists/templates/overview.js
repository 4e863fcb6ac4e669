
"use strict";
(() => {
  const list = document.getElementById("deadlines");

  // Sorting: every heading of a sortable table becomes a button; the third press restores the order of the night.
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const valueOf = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const next = { ascending: "descending", descending: null }[heading.ariaSort];
        const direction = next === undefined ? "ascending" : next;
        headings.forEach((other) => { other.ariaSort = null; });
        heading.ariaSort = direction;
        const sign = direction === "descending" ? -1 : 1;
        const rows = [...original];
        if (direction) {
          const values = new Map(rows.map((row) => [row, valueOf(row, column)]));
          rows.sort((one, other) => {
            const [a, b] = [values.get(one), values.get(other)];
            if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
            return sign * compare(a, b);
          });
        }
        body.append(...rows);
      });
    });
  }

  // Filters: owner, kind, status and free text narrow the list; nothing is ever removed from it.
  const form = document.getElementById("filters");
  if (!list || !form) return;
  const rows = [...list.tBodies[0].rows].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  const shown = form.querySelector("output");
  const narrow = () => {
    const { owner, kind, status, text } = form.elements;
    const wanted = text.value.trim().toLowerCase();
    let count = 0;
    for (const entry of rows) {
      const { dataset } = entry.row;
      const fits = (!owner.value || dataset.owner === owner.value.slice(1))
        && (!kind.value || dataset.kind === kind.value.slice(1))
        && (!status.value || dataset.status === status.value)
        && (!wanted || entry.text.includes(wanted));
      entry.row.hidden = !fits;
      count += fits;
    }
    shown.textContent = shown.dataset.pattern.replace("{shown}", () => count).replace("{all}", () => rows.length);
  };
  form.hidden = false;
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(narrow));
  narrow();

  // The numbers: a status in the address narrows the list to it; without script the link goes to the first of them.
  const follow = () => {
    const asked = location.hash.slice(1);
    if (![...form.elements.status.options].some((option) => option.value && option.value === asked)) return;
    form.reset();
    form.elements.status.value = asked;
    narrow();
    document.getElementById("list").scrollIntoView();
  };
  for (const link of document.querySelectorAll(".numbers a")) link.addEventListener("click", () => setTimeout(follow));
  addEventListener("hashchange", follow);
  follow();

  // The groups: a name is a way to its part of the list.
  for (const cell of document.querySelectorAll("[data-filter]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => {
      form.reset();
      form.elements[cell.dataset.filter].value = cell.dataset.value;
      narrow();
      form.elements[cell.dataset.filter].focus({ preventScroll: true });
      document.getElementById("list").scrollIntoView();
    });
  }
})();
