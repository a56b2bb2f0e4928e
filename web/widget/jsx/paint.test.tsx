/* oxlint-disable jsx-a11y/control-has-associated-label -- nobody uses these */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { paint } from "./paint";
import type { Child, VNode } from "./vnode";

let painted: VNode[] = [];
beforeEach(() => (painted = []));

/** show paints into the page, as the element does. */
function show(tree: Child): void {
  const next = [tree as VNode];
  paint(document.body, painted, next);
  painted = next;
}

const items = (...keys: string[]) => (
  <ul>
    {keys.map((key) => (
      <li key={key}>{key}</li>
    ))}
  </ul>
);
const shown = () => [...document.querySelectorAll("li")];

describe("paint", () => {
  it.each([
    ["added at the end", "abc", "abcd"],
    ["added at the start", "abc", "xabc"],
    ["taken away", "abcd", "ad"],
    ["turned around", "abcd", "dcba"],
    ["replaced", "abc", "axc"],
    ["all new", "abc", "xyz"],
    ["gone", "abc", ""],
  ])("what has a key stays itself: %s", (_name, before, after) => {
    show(items(...before));
    const were = new Map(shown().map((each) => [each.textContent, each]));
    show(items(...after));
    expect(
      shown()
        .map((each) => each.textContent)
        .join(""),
    ).toBe(after);
    for (const each of shown()) expect(were.get(each.textContent) ?? each).toBe(each);
  });

  it("moves nothing that keeps its place, so that focus and playing films go on", () => {
    show(items(..."bcd"));
    const insert = vi.spyOn(Node.prototype, "insertBefore");
    show(items(..."abde"));
    expect(insert).toHaveBeenCalledTimes(2 + 2); // two items, with a text each
  });

  it("what is not shown keeps the place of its neighbours", () => {
    const tree = (offline: boolean) => (
      <div>
        {offline && <p>offline</p>}
        <input />
      </div>
    );
    show(tree(false));
    const input = document.querySelector("input");
    show(tree(true));
    expect(document.querySelector("input")).toBe(input);
    expect(document.body.innerHTML).toBe("<div><p>offline</p><input></div>");
  });

  it("writes attributes as HTML has them", () => {
    show(<button type="button" disabled hidden={false} aria-expanded={false} title={undefined} tabIndex={-1} />);
    expect(document.body.innerHTML).toBe(
      '<button type="button" disabled="" aria-expanded="false" tabindex="-1"></button>',
    );
    show(<button type="submit" />);
    expect(document.body.innerHTML).toBe('<button type="submit"></button>');
  });

  it("calls the newest listener only", () => {
    const [old, now] = [vi.fn(), vi.fn()];
    show(<button onClick={old} />);
    show(<button onClick={now} />);
    document.querySelector("button")?.click();
    expect([old, now].map((each) => each.mock.calls.length)).toEqual([0, 1]);
    show(<button />);
    document.querySelector("button")?.click();
    expect(now).toHaveBeenCalledTimes(1);
  });

  it("sets a field to its value even if somebody has written there", () => {
    show(<textarea value="" />);
    const area = document.querySelector("textarea") as HTMLTextAreaElement;
    area.value = "typed";
    show(<textarea value="" />);
    expect(area.value).toBe("");
  });

  it("takes text for text", () => {
    show(<p>{"<b>bold</b>"}</p>);
    expect(document.body.innerHTML).toBe("<p>&lt;b&gt;bold&lt;/b&gt;</p>");
    show(<p>{0}</p>);
    expect(document.body.innerHTML).toBe("<p>0</p>");
  });

  it("makes drawings that are drawn", () => {
    show(
      <svg viewBox="0 0 24 24">
        <path d="M0 0h1" />
      </svg>,
    );
    expect(document.querySelector("path")?.namespaceURI).toBe("http://www.w3.org/2000/svg");
    expect(document.querySelector("svg")?.getAttribute("viewBox")).toBe("0 0 24 24");
  });

  it("tells afterwards, of what is new and of what stays", () => {
    const after = vi.fn();
    show(<p after={after}>one</p>);
    show(<p after={after}>two</p>);
    expect(after.mock.calls.map(([element, isNew]) => [(element as Element).textContent, isNew])).toEqual([
      ["two", true],
      ["two", false],
    ]);
  });
});
