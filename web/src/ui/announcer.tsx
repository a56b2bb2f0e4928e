import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";

interface Announcer {
  /** Read out when the reader is free. */
  say(text: string): void;
  /** Read out at once: failures only. */
  alert(text: string): void;
}

const AnnouncerContext = createContext<Announcer>({ say: () => {}, alert: () => {} });

export const useAnnouncer = (): Announcer => useContext(AnnouncerContext);

/** The page's only live regions. A region that changes in any other place would be read twice or not at all. */
export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const [polite, setPolite] = useState("");
  const [assertive, setAssertive] = useState("");
  // The same sentence twice must be two changes: a space that nobody hears tells them apart.
  const turn = useRef(false);
  const distinct = useCallback((text: string) => {
    turn.current = !turn.current;
    return turn.current ? text : `${text}\u00a0`;
  }, []);
  const announcer = useMemo(
    () => ({ say: (text: string) => setPolite(distinct(text)), alert: (text: string) => setAssertive(distinct(text)) }),
    [distinct],
  );
  return (
    <AnnouncerContext value={announcer}>
      {children}
      <div aria-live="polite" className="sr-only" data-testid="announcer">
        {polite}
      </div>
      <div aria-live="assertive" className="sr-only">
        {assertive}
      </div>
    </AnnouncerContext>
  );
}
