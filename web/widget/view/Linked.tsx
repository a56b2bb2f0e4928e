import { findLinks } from "~/thread/formatting/links";

/** A text whose addresses can be followed. Only web, mail and telephone addresses are links. */
export function Linked({ text }: { text: string }) {
  const links = findLinks(text);
  const ends = [0, ...links.map(({ end }) => end)];
  return (
    <>
      {links.map(({ start, end, href }, n) => [
        text.slice(ends[n], start),
        <a href={href} target="_blank" rel="noopener noreferrer nofollow">
          {text.slice(start, end)}
        </a>,
      ])}
      {text.slice(ends.at(-1))}
    </>
  );
}
