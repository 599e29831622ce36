// A room: what is new is asked for by number, what is said is sent until it has arrived.
// Nothing is kept in the browser's storage; a text that waits lives in this page alone.
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
// A line that is cut in the middle of a request may never say so: it is given up and asked anew.
const PATIENCE = 20000;

function pause(time) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, time);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
    addEventListener("online", done);
  });
}

class Room {
  constructor(section) {
    this.section = section;
    this.lines = section.querySelector(".lines");
    this.form = section.querySelector("form.box");
    this.last = Number(section.dataset.last);
    this.after = section.dataset.after.replace(/0\/$/, "");
    this.asking = false;
    this.askAgain = false;
    this.waiting = [];
    this.sending = false;
    section.addEventListener("bell", () => this.ask());
    addEventListener("online", () => this.ask());
    if (this.form) {
      this.state = this.form.querySelector(".state");
      this.form.addEventListener("submit", (event) => this.say(event));
    }
  }

  async ask() {
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    this.asking = true;
    try {
      const answer = await fetch(`${this.after}${this.last}/`, {
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.type === "opaqueredirect") location.reload();
      else if (answer.ok) this.add(await answer.text(), Number(answer.headers.get("X-Last")));
      else if (answer.status >= 500) this.askLater();
    } catch {
      this.askLater();
    }
    this.asking = false;
    if (this.askAgain) {
      this.askAgain = false;
      this.ask();
    }
  }

  // The line is down or the server is: asked again from the same number, nothing is lost meanwhile.
  askLater() {
    setTimeout(() => this.ask(), LONGEST_WAIT);
  }

  add(html, last) {
    const page = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html");
    for (const line of page.querySelectorAll("li")) {
      if (!document.getElementById(line.id)) this.lines.append(document.importNode(line, true));
    }
    this.section.querySelector(".empty")?.remove();
    if (last > this.last) this.last = last;
  }

  say(event) {
    event.preventDefault();
    const data = new FormData(this.form);
    if (!data.get("text").trim()) return;
    data.set("client", crypto.randomUUID());
    this.waiting.push(data);
    this.form.elements.text.value = "";
    this.send();
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    let wait = FIRST_WAIT;
    while (this.waiting.length) {
      const answer = await this.post(this.waiting[0]);
      if (answer && (answer.ok || answer.status === 422)) {
        const data = this.waiting.shift();
        if (answer.status === 422) await this.refused(answer, data);
        else this.state.textContent = this.state.dataset.sent;
        wait = FIRST_WAIT;
        this.ask();
      } else {
        this.state.textContent = this.state.dataset.waiting;
        await pause(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT);
      }
    }
    this.sending = false;
  }

  async post(data) {
    try {
      return await fetch(this.form.action, {
        method: "POST",
        body: data,
        // Where the key was locked meanwhile the answer leads elsewhere: nothing has arrived then.
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
        headers: { "X-Requested-With": "fetch" },
      });
    } catch {
      return null;
    }
  }

  async refused(answer, data) {
    this.form.querySelector(".wrongs").innerHTML = await answer.text();
    if (!this.form.elements.text.value) this.form.elements.text.value = data.get("text");
    this.state.textContent = "";
  }
}

const rooms = [...document.querySelectorAll("section.room")].map((section) => new Room(section));
// A text that has not arrived yet would be lost with the page: the browser asks before it goes.
addEventListener("beforeunload", (event) => {
  if (rooms.some((room) => room.waiting.length)) event.preventDefault();
});
