import type { FilledTemplate, TemplateDetail, TemplateText } from "~/api/types";

/** What an agent entered, by gap: of the header, the body, and each button that has one. */
export interface Entered {
  header: Record<string, string>;
  body: Record<string, string>;
  buttons: Record<number, string>;
  file: FilledTemplate["header_file"] | null;
}

export const nothingEntered: Entered = { header: {}, body: {}, buttons: {}, file: null };

/** One thing to fill in. */
export interface Gap {
  part: "header" | "body" | "button";
  /** The gap's number or name; of a button its place. */
  name: string;
  /** Text around it, to see what it is for. */
  context: string;
}

/** Every gap of a template, in the order in which the customer reads them. */
export function gapsOf(template: TemplateDetail): Gap[] {
  const buttons = (template.buttons ?? []).flatMap((button, n): Gap[] =>
    button.gap ? [{ part: "button", name: String(n), context: button.url ?? button.text }] : [],
  );
  return [
    ...gapsOfText("header", template.header?.file ? undefined : template.header),
    ...gapsOfText("body", template.body),
    ...buttons,
  ];
}

const gapsOfText = (part: "header" | "body", text: TemplateText | undefined): Gap[] =>
  (text?.gaps ?? []).map((name) => ({ part, name, context: text?.text ?? "" }));

export function valueOf(entered: Entered, { part, name }: Gap): string {
  if (part === "button") return entered.buttons[Number(name)] ?? "";
  return entered[part][name] ?? "";
}

export function withValue(entered: Entered, { part, name }: Gap, value: string): Entered {
  if (part === "button") return { ...entered, buttons: { ...entered.buttons, [Number(name)]: value } };
  return { ...entered, [part]: { ...entered[part], [name]: value } };
}

/** Whether the platform would take it: every gap filled, the file there. */
export function isComplete(template: TemplateDetail, entered: Entered): boolean {
  if (template.header?.file && !entered.file) return false;
  return gapsOf(template).every((gap) => valueOf(entered, gap).trim() !== "");
}

/** The template as it is sent. */
export function filled(template: TemplateDetail, entered: Entered): FilledTemplate {
  const { name, language, header, body, named } = template;
  const message: FilledTemplate = { name, language };
  if (header?.file && entered.file) message.header_file = { ...entered.file, kind: header.file };
  else if (header?.gaps?.length) message.header = header.gaps.map((gap) => entered.header[gap]?.trim() ?? "");
  if (body.gaps?.length && named) {
    message.named = Object.fromEntries(body.gaps.map((gap) => [gap, entered.body[gap]?.trim() ?? ""]));
  } else if (body.gaps?.length) message.body = body.gaps.map((gap) => entered.body[gap]?.trim() ?? "");
  const buttons = (template.buttons ?? []).flatMap((button, index) =>
    button.gap ? [{ index, kind: button.kind, value: entered.buttons[index]?.trim() ?? "" }] : [],
  );
  if (buttons.length > 0) message.buttons = buttons;
  return message;
}

/** A text with what was entered in the place of its gaps; those that are empty stay to be seen. */
export function preview(text: TemplateText, entered: Record<string, string>): string {
  return text.text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (gap, name: string) => entered[name]?.trim() || gap);
}

/** Why a template cannot be sent, if it cannot. */
export type Obstacle = { type: "status"; status: string } | { type: "beyond"; parts: string[] };

export function obstacleOf(template: TemplateDetail): Obstacle | null {
  if (template.status !== "approved") return { type: "status", status: template.status };
  if (template.beyond?.length) return { type: "beyond", parts: template.beyond };
  return null;
}
