// The outbox: interviews that are finished and not yet received. An interview is on the disk before
// anything else happens to it, and leaves it only when the server says that it is kept.
const NAME = "kelisim-outbox";
const STORE = "interviews";
const ROUNDS = 310_000;

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, work) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const change = base.transaction(STORE, mode, { durability: "strict" });
      const asked = work(change.objectStore(STORE));
      change.oncomplete = () => resolve(asked.result);
      change.onabort = change.onerror = () => reject(change.error);
    });
  } finally {
    base.close();
  }
}

export const all = () => within("readonly", (store) => store.getAll());

/** Keep a finished interview; it is on the disk when the promise is fulfilled. */
export async function keep(address, form) {
  const parts = [];
  for (const [name, value] of form) {
    const file = value instanceof File;
    parts.push({
      name,
      file: file ? value.name : null,
      type: file ? value.type : "",
      content: file ? await value.arrayBuffer() : new TextEncoder().encode(value).buffer,
    });
  }
  const one = { id: crypto.randomUUID(), address, parts, at: Date.now(), told: "" };
  await within("readwrite", (store) => store.put(one));
  navigator.storage?.persist?.();
  return one.id;
}

function body(one) {
  const form = new FormData();
  for (const { name, file, type, content } of one.parts) {
    if (file === null) form.append(name, new TextDecoder().decode(content));
    else form.append(name, new File([content], file, { type }), file);
  }
  return form;
}

/** Send what waits, one after another; return how many still wait. Tabs take turns. */
export function send() {
  return navigator.locks.request(NAME, async () => {
    for (const one of await all()) {
      try {
        const answer = await fetch(one.address, {
          method: "POST",
          body: body(one),
          headers: { "X-OpenRosa-Version": "1.0", "Accept-Language": document.documentElement.lang },
        });
        if (answer.status === 201 || answer.status === 202) {
          await within("readwrite", (store) => store.delete(one.id));
        } else {
          const told = new DOMParser().parseFromString(await answer.text(), "text/xml");
          one.told = told.querySelector("message")?.textContent ?? String(answer.status);
          await within("readwrite", (store) => store.put(one));
        }
      } catch {
        break; // the line is down: everything stays where it is
      }
    }
    return (await all()).length;
  });
}

const base64 = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function key(word, salt) {
  const plain = await crypto.subtle.importKey("raw", new TextEncoder().encode(word), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, plain, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Return everything that waits as a file that opens with a word: for a device that is given away. */
export async function sealed(word) {
  const plain = (await all()).map((one) => ({
    ...one,
    parts: one.parts.map((part) => ({ ...part, content: base64(part.content) })),
  }));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(plain));
  const secret = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(word, salt), text);
  const told = { kelisim: "outbox", rounds: ROUNDS, salt: base64(salt), iv: base64(iv), secret: base64(secret) };
  return new Blob([JSON.stringify(told)], { type: "application/json" });
}

/** Take a sealed file back in; what is here already stays single. */
export async function unsealed(blob, word) {
  const told = JSON.parse(await blob.text());
  const how = { name: "AES-GCM", iv: bytes(told.iv) };
  const plain = await crypto.subtle.decrypt(how, await key(word, bytes(told.salt)), bytes(told.secret));
  const several = JSON.parse(new TextDecoder().decode(plain));
  for (const one of several) {
    const parts = one.parts.map((part) => ({ ...part, content: bytes(part.content).buffer }));
    await within("readwrite", (store) => store.put({ ...one, parts }));
  }
  return several.length;
}
