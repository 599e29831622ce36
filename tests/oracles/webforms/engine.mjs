// Fills in one form along many paths with the engine of ODK Web Forms, and prints what it says of
// every node after every step. In: {"form": xml, "files": {name: text}, "paths": [[step]]} on
// standard input; a step is ["set", reference, [values]], ["add", reference], ["remove", reference, n].
// Out: a line a path, a list a step of [reference, relevant, required, valid, missing, value].
import { createRequire } from 'node:module';
import { JSDOM } from 'jsdom';

globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = '/';
const { window } = new JSDOM('<html></html>', { url: 'http://localhost/' });
for (const name of ['window', 'document', 'DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document',
  'XPathResult', 'NodeFilter', 'Text', 'Attr', 'XMLDocument', 'Comment', 'localStorage']) {
  globalThis[name] ??= name === 'window' ? window : window[name];
}
const { loadForm } = await import('@getodk/xforms-engine');

let text = '';
for await (const piece of process.stdin) text += piece;
const { form, files, paths } = JSON.parse(text);

async function fetchFormAttachment(address) {
  const name = String(address).split('/').at(-1);
  if (!(name in files)) return { ok: false, status: 404, headers: new Headers(), text: async () => '' };
  return { ok: true, status: 200, headers: new Headers(), text: async () => files[name] };
}

function nodes(node, found = []) {
  found.push(node);
  for (const child of node.currentState.children ?? []) nodes(child, found);
  return found;
}

function encoded(node) {
  const { instanceValue, value } = node.currentState;
  if (instanceValue !== undefined) return instanceValue;
  return value === null || value === undefined ? '' : String(value);
}

function told(node) {
  const { reference, relevant, required, children } = node.currentState;
  const { constraint, required: needed } = node.validationState ?? {};
  const leaf = children === null || children === undefined;
  return [reference, relevant, required, constraint?.valid ?? true, !(needed?.valid ?? true), leaf ? encoded(node) : null];
}

function act(root, [verb, reference, detail]) {
  const node = nodes(root).find((one) => one.currentState.reference === reference
    && (verb === 'set' || one.nodeType.startsWith('repeat-range')));
  if (node === undefined) return `there is no ${reference}`;
  try {
    if (verb === 'add') node.addInstances();
    else if (verb === 'remove') node.removeInstances(detail);
    else if (node.nodeType === 'select') node.selectValues(detail);
    else if (node.nodeType === 'rank') node.setValues(detail);
    else if (node.nodeType === 'trigger') node.setValue(detail.length > 0);
    else node.setValue(detail[0] ?? (node.valueType === 'string' ? '' : null));
  } catch (cause) {
    return String(cause.message ?? cause);
  }
  return null;
}

const loaded = await loadForm(form, { fetchFormAttachment });
if (loaded.status === 'failure') {
  console.log(JSON.stringify({ refused: String(loaded.error?.message ?? loaded.error) }));
} else {
  for (const path of paths) {
    const { root } = loaded.createInstance();
    const said = [{ refused: null, nodes: nodes(root).map(told) }];
    for (const step of path) said.push({ refused: act(root, step), nodes: nodes(root).map(told) });
    console.log(JSON.stringify(said));
  }
}
process.stdout.write('', () => process.exit(0));
