import type { Props, VNode } from "./vnode";

const svg = "http://www.w3.org/2000/svg";
const html = "http://www.w3.org/1999/xhtml";

/**
 * paint makes the children of a root what they are to be, changing no more than what differs from what was painted before. Elements with a key
 * move with it; the others keep their order. It is all that the widget needs of a framework, and a quarter of the smallest one.
 */
export function paint(root: ParentNode & Node, before: VNode[], after: VNode[]): void {
  const calls: (() => void)[] = [];
  children(root, before, after, html, calls);
  for (const call of calls) call();
}

function children(parent: Node, before: VNode[], after: VNode[], space: string, calls: (() => void)[]): void {
  const keyed = new Map(before.flatMap((old) => (old.key === undefined ? [] : [[old.key, old] as const])));
  const loose = before.filter(({ key }) => key === undefined);
  const pairs = after.map((node) => [node, node.key === undefined ? loose.shift() : keyed.get(node.key)] as const);
  const kept = new Set<VNode>();
  for (const [node, old] of pairs) {
    if (!old || old.tag !== node.tag) continue;
    kept.add(old);
    node.dom = old.dom;
  }
  for (const old of before) if (!kept.has(old)) old.dom?.remove();
  let place = parent.firstChild;
  for (const [node, old] of pairs) {
    const dom = (node.dom ??= create(node, space));
    if (dom === place) place = place.nextSibling;
    else parent.insertBefore(dom, place);
    update(dom, old && kept.has(old) ? old : null, node, calls);
  }
}

function create({ tag }: VNode, space: string): Element | Text {
  return tag === "" ? document.createTextNode("") : document.createElementNS(tag === "svg" ? svg : space, tag);
}

function update(dom: Element | Text, old: VNode | null, node: VNode, calls: (() => void)[]): void {
  if (dom instanceof Text) {
    if (dom.data !== node.text) dom.data = node.text ?? "";
    return;
  }
  for (const name of Object.keys({ ...old?.props, ...node.props })) property(dom, name, old?.props[name], node.props);
  children(dom, old?.children ?? [], node.children, dom.namespaceURI ?? html, calls);
  const call = node.props.after;
  if (call) calls.push(() => call(dom as HTMLElement, old === null));
}

function property(dom: Element, name: string, old: unknown, props: Props): void {
  const value = props[name];
  if (name === "value") {
    // What stands in a field is the truth, not what was painted last.
    if ((dom as HTMLInputElement).value !== value) (dom as HTMLInputElement).value = value as string;
  } else if (name.startsWith("on")) Object.assign(dom, { [name.toLowerCase()]: value ?? null });
  else if (value === old || name === "after") return;
  else if (value === undefined || value === null || (value === false && !name.startsWith("aria")))
    dom.removeAttribute(name);
  else dom.setAttribute(name, value === true && !name.startsWith("aria") ? "" : String(value));
}
