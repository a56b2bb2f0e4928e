import { useCallback, useSyncExternalStore } from "react";

// Which phones are on the table stands in the address, so that a reload lays out the same ones.
const read = () => location.hash.slice(1);

function subscribe(listener: () => void) {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

export interface OpenChats {
  ids: string[];
  open(id: string): void;
  close(id: string): void;
}

export function useOpenChats(): OpenChats {
  const hash = useSyncExternalStore(subscribe, read);
  const ids = hash ? hash.split(",").map(decodeURIComponent) : [];
  const write = useCallback((next: string[]) => {
    location.hash = next.map(encodeURIComponent).join(",");
  }, []);
  return {
    ids,
    open: (id) => !ids.includes(id) && write([...ids, id]),
    close: (id) => write(ids.filter((each) => each !== id)),
  };
}
