// Votes without loading the page anew. Whatever fails here, the plain form does the same.
const form = document.querySelector("form.vote[data-consultation]");
const section = document.getElementById("turn");
const results = document.getElementById("results");

function said(sentence) {
  const place = form.querySelector(".said");
  place.textContent = "";
  if (sentence) {
    const words = document.createElement("span");
    words.className = "wrong";
    words.textContent = sentence;
    place.append(words);
  }
}

function moveOwn(own) {
  const svg = document.querySelector("#map svg");
  if (!own || !svg) return;
  let group = svg.querySelector("g.own");
  if (!group) return void svg.dispatchEvent(new CustomEvent("bell", { bubbles: true }));
  const [x, y, across, down] = own;
  for (const shape of group.children) {
    shape.setAttribute("cx", x);
    shape.setAttribute("cy", y);
  }
  const halo = group.querySelector("ellipse");
  halo.setAttribute("rx", across);
  halo.setAttribute("ry", down);
}

function show({ progress, seen, few, next, own }) {
  if (!next) {
    window.location.hash = "turn";
    window.location.reload();
    return;
  }
  section.querySelector(".progress").textContent = progress;
  section.querySelector("progress").value = seen;
  const statement = form.querySelector(".statement");
  statement.textContent = next.text;
  statement.lang = next.lang;
  form.elements.statement.value = next.number;
  form.elements.drawn.value = "";
  const clause = section.querySelector(".clause");
  clause.hidden = !next.clause;
  clause.open = false;
  clause.querySelector(".number").textContent = next.clause;
  const words = clause.querySelector("p");
  words.textContent = next.clause_text;
  words.lang = next.clause_lang;
  moveOwn(own);
  if (seen === few || (seen > few && results.dataset.hidden === "yes")) {
    results.dataset.hidden = "no";
    results.dispatchEvent(new CustomEvent("told"));
  }
}

let waiting = false;

async function vote(value) {
  const buttons = form.querySelectorAll("button[name=vote]");
  waiting = true;
  for (const one of buttons) one.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch("/intake/votes", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        consultation: form.dataset.consultation,
        statement: Number(form.elements.statement.value),
        vote: value,
        language: form.dataset.language,
        drawn: form.elements.drawn.value,
      }),
    });
    const told = await answer.json();
    said(answer.ok ? "" : told.sentence);
    if (answer.ok) show(told);
  } catch {
    said(form.dataset.lost);
  } finally {
    waiting = false;
    for (const one of buttons) one.removeAttribute("aria-disabled");
  }
}

if (form) {
  form.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.name !== "vote") return;
    event.preventDefault();
    if (!waiting) vote(Number(event.submitter.value));
  });
}
