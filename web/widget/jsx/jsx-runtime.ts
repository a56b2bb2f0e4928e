import { Fragment, type Child, type Props, type VNode } from "./vnode";

/** What a tag with a small letter takes: attributes by their names in HTML, and listeners. */
type Attributes = Props & { key?: string; children?: Child };

// The names that TypeScript looks for.
export declare namespace JSX {
  type Element = Child;
  type ElementType = string | ((props: never) => Child);
  interface ElementChildrenAttribute {
    children: unknown;
  }
  interface IntrinsicAttributes {
    key?: string;
  }
  interface IntrinsicElements {
    [tag: string]: Attributes;
  }
}

/** jsx is what the compiler makes of a tag. A component is called at once: it is a function of its properties and nothing else. */
export function jsx(tag: string | ((props: never) => Child), props: { children?: unknown }, key?: string): Child {
  if (typeof tag !== "string") return keyed(tag(props as never), key);
  const { children, ...own } = props;
  const node: VNode = { tag, props: own, children: flat([children]).map(nodeOf), dom: null };
  return keyed(node, key);
}

export { Fragment, jsx as jsxs };

function keyed(made: Child, key: string | undefined): Child {
  return key !== undefined && made && typeof made === "object" && !Array.isArray(made) ? { ...made, key } : made;
}

const flat = (list: unknown[]): unknown[] => list.flatMap((each) => (Array.isArray(each) ? flat(each) : [each]));

/** What is not shown keeps its place, so that its neighbours keep theirs. */
function nodeOf(child: unknown): VNode {
  if (typeof child === "object" && child) return child as VNode;
  const shown = typeof child === "string" || typeof child === "number" ? String(child) : "";
  return { tag: "", props: {}, children: [], text: shown, dom: null };
}
