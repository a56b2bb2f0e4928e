import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

// Attributes that people read or hear.
const read = new Set(["aria-label", "aria-description", "alt", "title", "placeholder", "label", "hint", "text"]);

function components(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx") && !name.endsWith(".test.tsx") && !name.startsWith("testing"))
    .map((name) => join(folder, name));
}

const isWords = (text: string) => /\p{L}{2,}/u.test(text);

/** The texts that stand in a component instead of a catalogue. */
function literals(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node) && isWords(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
      if (read.has(node.name.getText()) && isWords(node.initializer.text)) found.push(node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map((text) => `${path}: ${text}`);
}

it("no component says anything that is not in a catalogue", () => {
  const paths = [...components("src"), ...components("widget")];
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.flatMap(literals)).toEqual([]);
});
