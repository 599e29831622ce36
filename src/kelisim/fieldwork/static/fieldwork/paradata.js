// Paradata: when an item was answered and how its answer changed, as in the audit.csv of ODK Collect.
// Nothing is noted before the respondent agrees, and what was noted goes when they no longer do.
const COLUMNS = "event,node,start,end,old-value,new-value";
const MOST = 5_000;

/** Return the answers of a form by their paths. */
function answers(root) {
  const found = new Map();
  const walk = (node) => {
    const { children, reference } = node.currentState;
    if (children?.length) for (const child of children) walk(child);
    else if (reference) found.set(reference, text(node));
  };
  walk(root);
  return found;
}

function text(node) {
  const value = node.currentState.instanceValue ?? node.currentState.value;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join(" ");
  return value instanceof File ? value.name : String(value);
}

// A cell that a spreadsheet would run is written with an apostrophe before it.
function cell(value) {
  const told = String(value);
  const inert = /^[=+\-@\t\r]/.test(told) && !/^-?[\d.]+$/.test(told) ? `'${told}` : told;
  return /[",\n\r]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

export class Paradata {
  constructor({ events = [], agreed = false } = {}) {
    this.events = events;
    this.agreed = agreed;
    this.since = Date.now();
    this.before = new Map();
    if (agreed) this.note("form resume", "", this.since, "");
  }

  get noted() {
    return { events: this.events, agreed: this.agreed };
  }

  agree(agreed, root) {
    this.agreed = agreed;
    this.events = [];
    this.follow(root);
    if (agreed) this.note("form start", "", Date.now(), "");
  }

  note(event, node, start, end, before = "", after = "") {
    if (this.events.length < MOST) this.events.push([event, node, start, end, before, after]);
  }

  /** Take the answers as they are: changes are noted from here. */
  follow(root) {
    this.before = answers(root);
    this.since = Date.now();
  }

  /** Somebody turned to another item. */
  turn() {
    this.since = Date.now();
  }

  /** Note what differs from the last look; answers that are typed on stay one event. */
  look(root) {
    if (!this.agreed) return;
    const now = Date.now();
    const after = answers(root);
    for (const [node, value] of after) {
      const old = this.before.get(node) ?? "";
      if (old === value || node.includes("/meta")) continue;
      const last = this.events.at(-1);
      if (last && last[0] === "question" && last[1] === node && last[2] === this.since) {
        last[3] = now;
        last[5] = value;
      } else this.note("question", node, this.since, now, old, value);
    }
    this.before = after;
  }

  /** Return the file; the caller has asked whether there is to be one. */
  file() {
    this.note("form exit", "", Date.now(), "");
    const lines = this.events.map((event) => event.map(cell).join(","));
    return new File([`${[COLUMNS, ...lines].join("\n")}\n`], "audit.csv", { type: "text/csv" });
  }
}
