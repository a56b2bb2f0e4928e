import { findLinks } from "~/thread/formatting/links";

/** A text whose addresses can be followed. Only web, mail and telephone addresses are links. */
export function Linked({ text }: { text: string }) {
  let at = 0;
  const parts = findLinks(text).flatMap(({ start, end, href }) => {
    const before = text.slice(at, start);
    at = end;
    return [
      before,
      <a key={start} href={href} target="_blank" rel="noopener noreferrer nofollow">
        {text.slice(start, end)}
      </a>,
    ];
  });
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}
