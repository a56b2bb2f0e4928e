/** How a piece of text looks. */
export type Style =
  "bold" | "italic" | "underline" | "strikethrough" | "spoiler" | "code" | "pre" | "blockquote" | "highlight";
