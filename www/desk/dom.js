// Small tools for the page: elements, texts that are touched only where they change, and lists that keep their nodes
// from one refresh to the next, so that focus and scroll stay.

/**
 * An element with attributes (`class`, `data-...`, `onclick` and others; null leaves one out) and children: nodes and
 * texts.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(attribute.slice(2), value);
    else if (value !== null && value !== undefined) made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

/** Sets a text, if it is another one. */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets a text, and hides what has none. */
export function say(node, text) {
  put(node, text);
  node.hidden = !text;
}

/**
 * Pairs of a name and a value, as the children of a `dl`; a value is a text or a node. Those without a value are left
 * out.
 */
export function facts(list, pairs) {
  const shown = pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined);
  list.replaceChildren(...shown.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

/**
 * Makes a list show these items, in this order: a node for each `key(item)`, made once by `make(item)`, which answers
 * `{ node, update(item) }`. What is gone is removed; if it held the focus, that goes to the first button of the item in
 * its place, else to `home`.
 */
export function keyed(list, { key, make, home }) {
  const shown = new Map();
  return (items) => {
    const wanted = new Set(items.map(key));
    const lost = [...shown].find(([id, { node }]) => !wanted.has(id) && node.contains(document.activeElement));
    const place = lost && [...list.children].indexOf(lost[1].node);
    for (const [id, { node }] of shown) if (!wanted.has(id)) node.remove(), shown.delete(id);
    items.forEach((item, index) => {
      const id = key(item);
      if (!shown.has(id)) shown.set(id, make(item));
      const { node, update } = shown.get(id);
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
      update(item);
    });
    if (lost) (list.children[Math.min(place, list.children.length - 1)]?.querySelector("button") ?? home).focus();
  };
}

/**
 * Replaces the children of a node where they would look different: what is the same keeps its nodes, and so focus and
 * selection.
 */
export function replace(node, ...children) {
  const next = element("div", {}, ...children);
  if (node.innerHTML !== next.innerHTML) node.replaceChildren(...next.childNodes);
}
