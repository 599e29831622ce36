// Drafts: an interview that is going on, written down while it is filled in. What is kept is sealed
// with a key of this device that no page can read out, and goes when the interview is in the outbox.
const NAME = "kelisim-drafts";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("drafts", { keyPath: "id" });
      asked.result.createObjectStore("keys", { keyPath: "id" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(store, mode, work) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const change = base.transaction(store, mode, { durability: "strict" });
      const asked = work(change.objectStore(store));
      change.oncomplete = () => resolve(asked.result);
      change.onabort = change.onerror = () => reject(change.error);
    });
  } finally {
    base.close();
  }
}

/** Return this device's key, made once; two tabs that make one at a time keep the first. */
async function key() {
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await within("keys", "readwrite", (store) => store.add({ id: "device", key: made })).catch(() => {});
  return (await within("keys", "readonly", (store) => store.get("device"))).key;
}

async function sealed(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, secret: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), bytes) };
}

const unsealed = async ({ iv, secret }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), secret);

/** Keep a draft under a number: its XML and files as the client sends them, and what was noted. */
export async function keep(id, form, noted) {
  const parts = [];
  for (const [name, value] of form) {
    const file = value instanceof File;
    const bytes = file ? await value.arrayBuffer() : new TextEncoder().encode(value);
    parts.push({ name, file: file ? value.name : null, type: file ? value.type : "", ...(await sealed(bytes)) });
  }
  const told = await sealed(new TextEncoder().encode(JSON.stringify(noted)));
  await within("drafts", "readwrite", (store) => store.put({ id, parts, noted: told, at: Date.now() }));
}

/** Return the draft of a number, unsealed; null where there is none or it cannot be opened. */
export async function find(id) {
  const draft = await within("drafts", "readonly", (store) => store.get(id));
  if (!draft) return null;
  try {
    const form = new FormData();
    for (const part of draft.parts) {
      const bytes = await unsealed(part);
      if (part.file === null) form.append(part.name, new TextDecoder().decode(bytes));
      else form.append(part.name, new File([bytes], part.file, { type: part.type }), part.file);
    }
    return { form, noted: JSON.parse(new TextDecoder().decode(await unsealed(draft.noted))), at: draft.at };
  } catch {
    return null;
  }
}

export const forget = (id) => within("drafts", "readwrite", (store) => store.delete(id));
