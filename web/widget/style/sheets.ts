import css from "./widget.css?inline";

/** sheet makes a style sheet that no Content-Security-Policy takes for an inline style: it is made by script, not parsed from the page. */
export function sheet(rules: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(rules);
  return made;
}

export const widgetSheet = (): CSSStyleSheet => sheet(css);
