// The interviewer's form: the client from web/built, our words, our drafts, our outbox.
import { keep } from "./outbox.js";
import * as drafts from "./drafts.js";
import { Paradata } from "./paradata.js";

const place = document.querySelector("[data-form]");
const told = JSON.parse(document.getElementById("client").textContent);
const { submission, unit, words, calendar } = told;
const XML = "xml_submission_file";
const id = `${submission} ${unit}`;
const QUIET = 300;
globalThis.kelisimWords = words;

let { form, media } = told; // a draft goes on with the version it was begun with
let root = null; // the form as the client holds it, once it is there
let paradata = new Paradata();
let finished = false;

function withUnit(xml) {
  const page = new DOMParser().parseFromString(xml, "text/xml");
  const instance = page.querySelector("model > instance");
  const item = instance && [...instance.getElementsByTagName("*")].find((one) => one.localName === "case_id");
  if (!item) return xml;
  item.textContent = unit;
  return new XMLSerializer().serializeToString(page);
}

const wantsParadata = (xml) => /<(\w+:)?audit[\s/>]/.test(xml);

/** Return what is to be sent: with the paradata, where the form asks for it and the person agreed. */
async function whole(data) {
  if (!paradata.agreed) return data;
  const xml = data.get(XML);
  const page = new DOMParser().parseFromString(typeof xml === "string" ? xml : await xml.text(), "text/xml");
  const audit = [...page.getElementsByTagName("*")].find((one) => one.localName === "audit" && one.parentNode.localName === "meta");
  if (!audit) return data;
  const file = paradata.file();
  audit.textContent = file.name;
  const text = new XMLSerializer().serializeToString(page);
  data.set(XML, new File([text], XML, { type: "text/xml" }), XML);
  data.set(file.name, file, file.name);
  return data;
}

// One write after another; the last one is of what is there last. One that fails stops no later one.
let writing = Promise.resolve();
let waits = 0;
function save() {
  clearTimeout(waits);
  waits = 0;
  if (!root || finished) return writing;
  paradata.look(root);
  writing = writing.catch(() => {}).then(async () => {
    if (finished) return;
    const { data } = await root.prepareInstancePayload({ payloadType: "monolithic" });
    if (finished) return;
    await drafts.keep(id, data[0], { ...paradata.noted, form, media });
    place.dataset.saved = String(Date.now());
  });
  return writing;
}
function saveSoon() {
  if (!waits) waits = setTimeout(save, QUIET);
}

function asked(draft) {
  const box = document.querySelector("[data-draft]");
  const at = new Date(draft.at);
  const two = (number) => String(number).padStart(2, "0");
  box.querySelector("[data-at]").textContent =
    `${two(at.getDate())}.${two(at.getMonth() + 1)}.${at.getFullYear()} ${two(at.getHours())}:${two(at.getMinutes())}`;
  place.hidden = true;
  box.hidden = false;
  box.querySelector("button").focus();
  return new Promise((resolve) => {
    box.addEventListener("click", ({ target }) => {
      if (!target.matches("button")) return;
      box.hidden = true;
      place.hidden = false;
      resolve(target.matches("[data-go-on]"));
    });
  });
}

async function restored() {
  const draft = await drafts.find(id);
  if (!draft) return null;
  if (await asked(draft)) return draft;
  await drafts.forget(id);
  return null;
}

function agreement(xml) {
  const box = document.querySelector("[data-agreement]");
  if (!wantsParadata(xml)) return;
  const tick = box.querySelector("input");
  box.hidden = false;
  tick.checked = paradata.agreed;
  tick.addEventListener("change", () => {
    paradata.agree(tick.checked, root);
    save();
  });
}

async function mount() {
  const draft = await restored();
  if (draft) {
    paradata = new Paradata(draft.noted);
    ({ form, media } = draft.noted);
  }
  const [{ OdkWebForm, webFormsPlugin }, vue, xml] = await Promise.all([
    import(place.dataset.client),
    import(place.dataset.vue),
    fetch(form).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status)))),
  ]);
  // web/prepare.py has the client call this when a form is there, and go on with a draft.
  globalThis.kelisimForm = (one) => {
    if (!one || root === one) return;
    root = one;
    paradata.follow(root);
    agreement(xml);
  };
  const finish = async (payload) => {
    finished = true;
    clearTimeout(waits);
    waits = 0;
    document.querySelector("[data-full]").hidden = true;
    paradata.look(root);
    for (const data of payload.data) {
      data.set("case_id", unit); // for forms that have no item of that name
      await keep(submission, await whole(data));
    }
    await writing.catch(() => {});
    await drafts.forget(id);
    document.querySelector("[data-agreement]").hidden = true;
    dispatchEvent(new Event("kelisim-kept"));
    place.replaceChildren(document.querySelector("[data-done]").content.cloneNode(true));
    document.querySelector("main").focus();
  };
  // Where the device takes no more, the form stays and its draft goes on being written down.
  const submitted = (payload) =>
    finish(payload).catch(() => {
      finished = false;
      saveSoon();
      document.querySelector("[data-full]").hidden = false;
    });
  const fetchFormAttachment = (address) => fetch(media + encodeURIComponent(address.pathname.split("/").pop()));
  const editInstance = draft && { restored: draft.form, attachmentFileNames: [] };
  const app = vue.createApp({
    render: () => vue.h(OdkWebForm, { formXml: withUnit(xml), fetchFormAttachment, editInstance, onSubmit: submitted }),
  });
  app.use(webFormsPlugin);
  const { locale } = app.config.globalProperties.$primevue.config;
  Object.assign(locale, calendar, { aria: { ...locale.aria, ...calendar.aria } });
  place.replaceChildren();
  app.mount(place);
  for (const event of ["input", "change", "click", "keyup", "focusout"]) place.addEventListener(event, saveSoon);
  let inside = null;
  place.addEventListener("focusin", ({ target }) => {
    const item = target.closest(".question-container, .p-radiobutton-group, fieldset, label") ?? target;
    if (item !== inside) paradata.turn();
    inside = item;
  });
  addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("pagehide", save);
  // What is typed and not yet written down is worth a question before the tab goes.
  addEventListener("beforeunload", (event) => { if (waits && !finished) event.preventDefault(); });
}

mount().catch(() => { document.querySelector("[data-trouble]").hidden = false; });
