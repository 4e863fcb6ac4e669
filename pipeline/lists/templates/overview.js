
"use strict";
(async () => {
  const page = document.documentElement;
  const FIRST = 25;
  const MORE = 100;

  // The lists: JSON in the page, packed where it is large.
  const unpacked = async (element) => {
    if (!element.hasAttribute("data-packed")) return element.textContent;
    const bytes = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  };
  const { words, lists, pool } = JSON.parse(await unpacked(document.getElementById("data")));
  const compare = new Intl.Collator(page.lang, { numeric: true }).compare;

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const data = (tag, className, text) => {
    const element = make(tag, className, text);
    element.dir = "auto";
    return element;
  };
  const SVG = document.querySelector("svg").namespaceURI;
  const symbol = (name) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
  };
  const day = (iso) => (page.hasAttribute("data-iso") || !iso ? iso : iso.split("-").reverse().join("."));

  // What a cell shows, by the kind of its column; everything from the register is text and nothing but text.
  const CELLS = {
    status: ([name, word, fresh]) => {
      const cell = make("td", "state");
      const mark = make("span", `status ${pool[name]}`);
      mark.append(symbol(pool[name]), pool[word]);
      cell.append(mark);
      if (fresh) cell.append(" ", make("span", "new", words.new));
      return cell;
    },
    key: (text) => {
      const cell = data("th", pool[text].length > 24 ? "key long" : "key", pool[text]);
      cell.scope = "row";
      return cell;
    },
    reference: (text) => data("td", pool[text].length > 24 ? "key long" : "key", pool[text]),
    text: (text) => data("td", "", pool[text]),
    short: (text) => make("td", "day", pool[text]),
    owner: ([name, away]) => {
      const cell = data("td", "", pool[name] || words.nobody);
      if (pool[away]) cell.append(data("span", "fine", words.away.replace("{away}", () => pool[away])));
      return cell;
    },
    day: (iso) => make("td", "day", day(pool[iso])),
    number: ([text]) => make("td", "num", pool[text]),
    own: ([text]) => data("td", "", pool[text]),
    step: (text) => data("td", "what step", pool[text]),
    long: (text) => data("td", "what", pool[text]),
    kind: ([title, basis, why]) => {
      const cell = make("td", "what");
      const name = document.createElement("bdi");
      name.append(make("strong", "", pool[title]));
      cell.append(name, ...basis.map((text) => data("span", "fine", pool[text])));
      if (why.length) {
        const details = document.createElement("details");
        const steps = document.createElement("ol");
        steps.append(...why.map((text) => data("li", "", pool[text])));
        details.append(make("summary", "", words.why), steps);
        cell.append(details);
      }
      return cell;
    },
    reasons: (texts) => {
      const cell = make("td", "what");
      if (texts.length) {
        const all = document.createElement("ul");
        all.append(...texts.map((text) => data("li", "", pool[text])));
        cell.append(all);
      }
      return cell;
    },
    file: ([note, file]) => {
      const cell = make("td", "what");
      if (pool[note]) cell.append(make("strong", "stop", pool[note]));
      if (pool[file]) {
        const parts = pool[file].split("/");
        const link = data("a", "", parts[parts.length - 1]);
        link.setAttribute("href", `../${parts.map(encodeURIComponent).join("/")}`);
        cell.append(link);
      }
      return cell;
    },
  };
  const ORDER = {
    status: () => null,
    number: ([, order]) => order,
    own: ([, order]) => order,
    owner: ([name]) => pool[name],
    kind: ([title]) => pool[title],
    reasons: (texts) => (texts.length ? pool[texts[0]] : ""),
    file: ([, file]) => pool[file],
  };
  const SEARCHED = {
    status: ([, word, fresh]) => pool[word] + (fresh ? ` ${words.new}` : ""),
    number: ([text]) => pool[text],
    own: ([text]) => pool[text],
    owner: ([name, away]) => `${pool[name] || words.nobody} ${pool[away]}`,
    day: (iso) => day(pool[iso]),
    kind: ([title, basis]) => [title, ...basis].map((text) => pool[text]).join(" "),
    reasons: (texts) => texts.map((text) => pool[text]).join(" "),
    file: ([note, file]) => `${pool[note]} ${pool[file]}`,
  };

  class List {
    constructor(table) {
      this.table = table;
      this.name = table.id;
      this.rows = lists[table.id];
      this.headings = [...table.tHead.rows[0].cells];
      this.kinds = this.headings.map((heading) => heading.dataset.kind);
      this.labels = this.headings.map((heading) => (heading.hasAttribute("data-labelled") ? heading.textContent : ""));
      this.owner = this.kinds.indexOf("owner");
      this.kind = this.kinds.indexOf("kind");
      this.status = this.kinds.indexOf("status");
      this.sort = null;
      this.searched = null;
      this.more = make("button", "more");
      this.more.type = "button";
      this.more.addEventListener("click", () => this.show(MORE));
      table.parentElement.after(this.more);
      new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) this.show(MORE); },
        { rootMargin: "600px" }).observe(this.more);
      this.headings.forEach((heading, column) => {
        const button = make("button");
        button.type = "button";
        button.append(...heading.childNodes);
        heading.append(button);
        button.addEventListener("click", () => {
          const again = this.sort && this.sort.column === column;
          // The third press restores the order of the night.
          this.sort = again ? (this.sort.sign < 0 ? null : { column, sign: -1 }) : { column, sign: 1 };
          this.apply();
          remember();
        });
      });
    }

    texts() {
      this.searched ??= this.rows.map((row) => row.map(
        (cell, column) => (SEARCHED[this.kinds[column]] ?? ((text) => pool[text]))(cell),
      ).join("\n").toLowerCase());
      return this.searched;
    }

    apply() {
      const { text, owner, kind, status, fresh } = wanted;
      const texts = text ? this.texts() : null;
      const listed = this.name === "deadlines";
      this.found = this.rows.filter((row, n) => (!text || texts[n].includes(text))
        && (!owner || this.owner < 0 || pool[row[this.owner][0]] === owner.slice(1))
        && (!kind || this.kind < 0 || pool[row[this.kind][0]] === kind.slice(1))
        && (!listed || !status || (status === "monday" ? nearMonday(row) : pool[row[0][0]] === status))
        && (!listed || !fresh || row[0][2]));
      if (this.sort) this.sorted();
      this.grouped(listed ? wanted.group : "");
      for (const [column, heading] of this.headings.entries()) {
        const direction = this.sort && this.sort.column === column ? this.sort.sign : 0;
        if (direction) heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
        else heading.removeAttribute("aria-sort");
      }
      for (const body of [...this.table.tBodies]) body.remove();
      this.shown = 0;
      this.last = null;
      this.show(FIRST);
    }

    sorted() {
      const { column, sign } = this.sort;
      const order = ORDER[this.kinds[column]] ?? ((text) => pool[text]);
      const ranks = new Map(this.rows.map((row, n) => [row, n]));
      const values = new Map(this.found.map((row) => [row, this.kinds[column] === "status" ? row[column][1] : order(row[column])]));
      this.found.sort((one, other) => {
        const [a, b] = [values.get(one), values.get(other)];
        if (a === "" || b === "") return a === b ? ranks.get(one) - ranks.get(other) : (a === "" ? 1 : -1);
        const difference = typeof a === "number" ? a - b : compare(a, b);
        return sign * difference || ranks.get(one) - ranks.get(other);
      });
    }

    grouped(group) {
      this.groups = null;
      const column = { owner: this.owner, kind: this.kind }[group] ?? -1;
      if (column < 0) return;
      const names = groupsInOrder(group);
      const of = (row) => pool[row[column][0]];
      const parts = new Map(names.map((name) => [name, []]));
      for (const row of this.found) parts.has(of(row)) ? parts.get(of(row)).push(row) : parts.set(of(row), [row]);
      this.found = [...parts.values()].flat();
      this.groups = { of, count: (name) => parts.get(name).length };
    }

    show(count) {
      const until = Math.min(this.shown + count, this.found.length);
      let body = this.table.tBodies[this.table.tBodies.length - 1] ?? this.table.createTBody();
      for (; this.shown < until; this.shown += 1) {
        const row = this.found[this.shown];
        const name = this.groups ? this.groups.of(row) : null;
        if (this.groups && name !== this.last) {
          if (body.rows.length) body = this.table.appendChild(make("tbody"));
          const heading = data("th", "group", `${name || words.nobody} (${this.groups.count(name)})`);
          heading.colSpan = this.headings.length;
          heading.scope = "rowgroup";
          body.insertRow().append(heading);
          this.last = name;
        }
        const line = make("tr");
        row.forEach((cell, column) => {
          const made = (CELLS[this.kinds[column]])(cell);
          if (this.labels[column]) made.dataset.label = this.labels[column];
          line.append(made);
        });
        if (this.name === "deadlines") line.dataset.status = pool[row[0][0]];
        body.append(line);
      }
      if (!this.found.length && !body.rows.length) {
        const cell = make("td", "none", words.none);
        cell.colSpan = this.headings.length;
        body.insertRow().append(cell);
      }
      const left = this.found.length - this.shown;
      this.more.hidden = !left;
      this.more.textContent = words.more.replace("{n}", () => left);
    }
  }

  // What is looked for stands in the address, so that a view can be sent on.
  const form = document.getElementById("filters");
  const wanted = { text: "", owner: "", kind: "", status: "", fresh: "", group: form.elements.group.value };
  const DEFAULTS = { ...wanted };
  const nearMonday = (row) => {
    const nearest = pool[row[5]] || pool[row[4]];
    return ["due-soon", "upcoming"].includes(pool[row[0][0]]) && nearest && nearest < form.dataset.monday;
  };
  const groupsInOrder = (group) => [...form.elements[group].options].slice(1).map((option) => option.value.slice(1));
  const all = [...document.querySelectorAll("table[data-list]")].map((table) => new List(table));
  const main = all.find((list) => list.name === "deadlines");
  const output = form.querySelector("output");

  const narrow = () => {
    for (const list of all) list.apply();
    const [shown, of] = main ? [main.found.length, main.rows.length] : [0, 0];
    output.textContent = words.shown.replace("{shown}", () => shown).replace("{all}", () => of);
  };
  const remember = () => {
    const address = new URLSearchParams();
    for (const [name, value] of Object.entries(wanted)) if (value !== DEFAULTS[name]) address.set(name, value);
    if (main?.sort) address.set("sort", `${main.sort.column}${main.sort.sign < 0 ? "-" : ""}`);
    history.replaceState(null, "", `#${address}`);
  };
  const read = () => {
    for (const name of Object.keys(wanted)) wanted[name] = form.elements[name].value;
    wanted.text = wanted.text.trim().toLowerCase();
    narrow();
    remember();
  };
  const follow = () => {
    const asked = location.hash.slice(1);
    if (asked && !asked.includes("=")) return false;
    const address = new URLSearchParams(asked);
    form.reset();
    for (const name of Object.keys(wanted)) {
      const field = form.elements[name];
      let value = address.get(name) ?? DEFAULTS[name];
      if (field.options && ![...field.options].some((option) => option.value === value)) {
        // Of whom or what the list has nothing any more it shows nothing, and not everything instead.
        if (/^=./.test(value) && ["owner", "kind"].includes(name)) field.add(new Option(value.slice(1), value));
        else value = DEFAULTS[name];
      }
      field.value = value;
      wanted[name] = name === "text" ? value.trim().toLowerCase() : value;
    }
    const sort = /^(\d+)(-?)$/.exec(address.get("sort") ?? "");
    if (main) main.sort = sort && main.headings[sort[1]] ? { column: Number(sort[1]), sign: sort[2] ? -1 : 1 } : null;
    narrow();
    return Boolean(asked);
  };
  form.addEventListener("input", read);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => { if (event.isTrusted) setTimeout(() => { if (main) main.sort = null; read(); }); });
  addEventListener("hashchange", () => { if (follow()) document.getElementById("list").scrollIntoView(); });
  if (!follow()) narrow();
  form.hidden = false;

  // The groups: a name is a way to its part of the list.
  for (const cell of document.querySelectorAll("[data-filter]")) {
    const button = make("button");
    button.type = "button";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => {
      form.reset();
      form.elements[cell.dataset.filter].value = cell.dataset.value;
      read();
      form.elements[cell.dataset.filter].focus({ preventScroll: true });
      document.getElementById("list").scrollIntoView();
    });
  }

  // On paper stands everything that fits, not only what has been scrolled to.
  addEventListener("beforeprint", () => { for (const list of all) list.show(Infinity); });

  // Nobody has made a newer page though a working day has passed: that is an alarm of its own.
  const stale = document.getElementById("stale");
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  stale.hidden = today <= stale.dataset.next;
  page.dataset.ready = "";
})();
