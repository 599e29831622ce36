// Every element with data-bell="ticket" hears an event "bell" when a channel of its ticket rings.
// One stream for the whole page; where streams do not pass, the same question every three seconds.
const PATIENCE = 6000;
const PERIOD = 3000;
// Three beats of the stream, which come every fifteen seconds.
const SILENCE = 45000;

const listeners = [...document.querySelectorAll("[data-bell]")];
const tickets = [...new Set(listeners.map((one) => one.dataset.bell))];
let last = "";
// Whether a stream has come through to this page.
let passes = false;

function hear(which, number) {
  last = number;
  for (const one of listeners) {
    if (which.includes(tickets.indexOf(one.dataset.bell))) {
      one.dispatchEvent(new CustomEvent("bell"));
    }
  }
}

function address(path) {
  const query = new URLSearchParams(tickets.map((one) => ["ticket", one]));
  if (last) query.set("last", last);
  return `${path}?${query}`;
}

async function poll() {
  try {
    const answer = await fetch(address("/live/poll"));
    if (answer.status === 403) return;
    const { id, rung } = await answer.json();
    hear(rung, id);
  } catch {
    // The line is down: ask again in a while, nothing is lost meanwhile.
  }
  setTimeout(poll, PERIOD);
}

function listen() {
  const stream = new EventSource(address("/live"));
  let silent = setTimeout(giveUp, PATIENCE);

  // A line that dies without a word is told by the beats that stay away.
  function alive() {
    passes = true;
    clearTimeout(silent);
    silent = setTimeout(giveUp, SILENCE);
  }

  function giveUp() {
    stream.close();
    if (passes) listen();
    else poll();
  }

  stream.addEventListener("open", alive);
  stream.addEventListener("beat", alive);
  stream.addEventListener("bell", (event) => {
    alive();
    hear(JSON.parse(event.data), event.lastEventId);
  });
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    clearTimeout(silent);
    setTimeout(poll, PERIOD);
  });
}

if (tickets.length) listen();
