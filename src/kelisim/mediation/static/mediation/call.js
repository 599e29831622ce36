// A call: one connection for what goes out, one for each person who is seen or heard.
// Everything goes by the site's own door; what it lets in by is asked for when the call begins.
const DOOR = "/live/calls";
const PLUGIN = "janus.plugin.videoroom";
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { max: 24 } };
const PATIENCE = 20000;

// The session with Janus: questions with their answers, and news by long question.
class Line {
  constructor(ticket, lost) {
    this.ticket = ticket;
    this.lost = lost;
    this.waiting = new Map();
    this.desks = new Map();
    this.open = false;
  }

  async ask(path, told) {
    const answer = await fetch(`${DOOR}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Call-Token": this.ticket.entrance },
      body: JSON.stringify({ transaction: crypto.randomUUID(), ...told }),
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const heard = await answer.json();
    if (heard.janus === "error") throw new Error(heard.error.reason);
    return heard;
  }

  async begin() {
    this.path = `/${(await this.ask("", { janus: "create" })).data.id}`;
    this.open = true;
    this.listen();
  }

  async listen() {
    while (this.open) {
      try {
        const answer = await fetch(`${DOOR}${this.path}`, {
          headers: { "X-Call-Token": this.ticket.entrance },
        });
        if (!answer.ok) throw new Error(`${answer.status}`);
        for (const news of [await answer.json()].flat()) this.hear(news);
      } catch {
        if (this.open) this.lost();
        return;
      }
    }
  }

  hear(news) {
    if (news.janus === "error" || news.janus === "timeout") {
      if (this.open) this.lost();
      return;
    }
    const data = news.plugindata?.data;
    const asked = this.waiting.get(news.transaction);
    if (asked && data) {
      this.waiting.delete(news.transaction);
      if (data.error) asked.reject(new Error(data.error));
      else asked.resolve({ data, jsep: news.jsep });
    }
    if (data) this.desks.get(news.sender)?.(data);
  }

  async attach(heard = () => {}) {
    const number = (await this.ask(this.path, { janus: "attach", plugin: PLUGIN })).data.id;
    this.desks.set(number, heard);
    return `${this.path}/${number}`;
  }

  // Resolves with the event that answers, not with the receipt of the question.
  say(desk, body, jsep) {
    const transaction = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      this.waiting.set(transaction, { resolve, reject });
      setTimeout(() => reject(new Error("silence")), PATIENCE);
      const told = { janus: "message", transaction, body, ...(jsep ? { jsep } : {}) };
      this.ask(desk, told).catch(reject);
    });
  }

  end() {
    if (!this.open) return;
    this.open = false;
    fetch(`${DOOR}${this.path}`, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-Call-Token": this.ticket.entrance },
      body: JSON.stringify({ janus: "destroy", transaction: crypto.randomUUID() }),
    }).catch(() => {});
  }
}

class Call {
  constructor(section) {
    this.section = section;
    this.words = section.dataset;
    this.people = section.querySelector(".people");
    this.faces = section.querySelector(".faces");
    this.links = new Map();
    this.on("come", () => this.come(PICTURE));
    this.on("heard", () => this.come(false));
    this.on("hangup", () => this.over(this.words.away));
    this.on("camera", (button) => this.turn(button, "video"));
    this.on("microphone", (button) => this.turn(button, "audio"));
    addEventListener("pagehide", () => this.over(""));
  }

  on(id, action) {
    const button = document.getElementById(id);
    button.addEventListener("click", () => action(button));
  }

  say(words) {
    this.section.querySelector(".state").textContent = words;
  }

  // The camera and the microphone if they are given, the microphone alone, or nothing.
  async devices(picture) {
    this.unseen = "";
    const tries = picture ? [{ audio: true, video: picture }, { audio: true }] : [{ audio: true }];
    for (const asked of tries) {
      try {
        const given = await navigator.mediaDevices.getUserMedia(asked);
        if (picture && !asked.video) this.unseen = this.words.unseeing;
        return given;
      } catch {
        // What is refused is not asked for again; the next try asks for less.
      }
    }
    this.unseen = this.words.refused;
    return new MediaStream();
  }

  async come(picture) {
    this.section.querySelector(".before").hidden = true;
    this.section.querySelector(".there")?.remove(); // who was there when the page was made
    this.say(this.words.coming);
    try {
      this.own = await this.devices(picture);
      const key = this.section.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await fetch(this.words.join, {
        method: "POST",
        headers: { "X-CSRFToken": key },
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.ticket = await answer.json();
      this.line = new Line(this.ticket, () => this.over(this.words.down));
      await this.line.begin();
      await this.enter();
    } catch {
      this.over(this.words.down);
    }
  }

  async enter() {
    const { room, pin, token, who } = this.ticket;
    this.desk = await this.line.attach((data) => this.news(data));
    const joined = await this.line.say(this.desk, {
      request: "join", ptype: "publisher", room, pin, token, id: who,
    });
    this.section.querySelector(".during").hidden = false;
    this.private = joined.data.private_id;
    this.show(who, this.own, true);
    for (const one of joined.data.attendees ?? []) this.show(one.id, null);
    if (this.own.getTracks().length) await this.publish();
    this.buttons();
    this.say(this.words.here);
    this.section.querySelector(".given").textContent = this.unseen;
    this.came(joined.data);
  }

  connection(desk) {
    const link = new RTCPeerConnection({ iceServers: this.ticket.relay });
    link.addEventListener("icecandidate", (event) => {
      const candidate = event.candidate ?? { completed: true };
      this.line.ask(desk, { janus: "trickle", candidate }).catch(() => {});
    });
    return link;
  }

  async publish() {
    this.out = this.connection(this.desk);
    for (const track of this.own.getTracks()) this.out.addTrack(track, this.own);
    await this.out.setLocalDescription(await this.out.createOffer());
    const answered = await this.line.say(
      this.desk, { request: "configure" }, this.out.localDescription.toJSON(),
    );
    await this.out.setRemoteDescription(answered.jsep);
  }

  news(data) {
    if (data.videoroom === "destroyed") this.over(this.words.ended);
    else this.came(data);
  }

  came(data) {
    for (const one of data.publishers ?? []) this.see(one.id);
    if (data.joining) this.show(data.joining.id, null);
    for (const gone of [data.leaving, data.kicked]) if (gone && gone !== "ok") this.gone(gone);
    if (data.unpublished && data.unpublished !== "ok") this.show(data.unpublished, null);
  }

  async see(feed) {
    if (this.links.has(feed)) return;
    this.links.set(feed, null);
    const { room, pin, token } = this.ticket;
    try {
      const desk = await this.line.attach();
      const offered = await this.line.say(desk, {
        request: "join", ptype: "subscriber", room, pin, token, private_id: this.private, streams: [{ feed }],
      });
      const link = this.connection(desk);
      this.links.set(feed, link);
      const given = new MediaStream();
      link.addEventListener("track", (event) => {
        given.addTrack(event.track);
        this.show(feed, given);
      });
      await link.setRemoteDescription(offered.jsep);
      await link.setLocalDescription(await link.createAnswer());
      await this.line.say(desk, { request: "start", room }, link.localDescription.toJSON());
    } catch {
      this.links.delete(feed);
    }
  }

  name(who) {
    const said = this.ticket.names[String(who).split("-")[0]] ?? "?";
    return who === this.ticket.who ? `${said} (${this.words.self})` : said;
  }

  // One line in words and one face a person; who was there already is shown anew, not twice.
  show(who, stream, own = false) {
    const seen = Boolean(stream?.getVideoTracks().length);
    const heard = Boolean(stream?.getAudioTracks().length);
    let line = this.people.querySelector(`[data-who="${CSS.escape(who)}"]`);
    if (!line) {
      line = document.createElement("li");
      line.dataset.who = who;
      this.people.append(line);
      if (!own) this.say(`${this.name(who)} ${this.words.came}.`);
    }
    const without = heard ? this.words.unseen : this.words.silent;
    line.textContent = seen ? this.name(who) : `${this.name(who)}, ${without}`;
    this.face(who, stream, own, seen);
  }

  face(who, stream, own, seen) {
    let figure = this.faces.querySelector(`[data-who="${CSS.escape(who)}"]`);
    if (!stream?.getTracks().length) {
      figure?.remove();
      return;
    }
    if (!figure) {
      figure = document.createElement("figure");
      figure.dataset.who = who;
      figure.append(document.createElement("video"), document.createElement("figcaption"));
      figure.firstChild.autoplay = true;
      figure.firstChild.playsInline = true;
      figure.firstChild.muted = own;
      figure.lastChild.textContent = this.name(who);
      this.faces.append(figure);
    }
    figure.hidden = !seen && own;
    if (figure.firstChild.srcObject !== stream) figure.firstChild.srcObject = stream;
    figure.firstChild.play().catch(() => {});
  }

  gone(who) {
    const line = this.people.querySelector(`[data-who="${CSS.escape(who)}"]`);
    if (line) this.say(`${this.name(who)} ${this.words.left}.`);
    line?.remove();
    this.faces.querySelector(`[data-who="${CSS.escape(who)}"]`)?.remove();
    this.links.get(who)?.close();
    this.links.delete(who);
  }

  buttons() {
    document.getElementById("camera").hidden = !this.own.getVideoTracks().length;
    document.getElementById("microphone").hidden = !this.own.getAudioTracks().length;
  }

  turn(button, kind) {
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const track of this.own.getTracks()) if (track.kind === kind) track.enabled = on;
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? button.dataset.on : button.dataset.off;
  }

  over(words) {
    for (const track of this.own?.getTracks() ?? []) track.stop();
    for (const link of [this.out, ...this.links.values()]) link?.close();
    this.line?.end();
    this.links.clear();
    this.people.replaceChildren();
    this.faces.replaceChildren();
    this.section.querySelector(".given").textContent = "";
    this.section.querySelector(".during").hidden = true;
    this.section.querySelector(".before").hidden = false;
    this.say(words);
  }
}

const section = document.getElementById("call");
if (section) new Call(section);
