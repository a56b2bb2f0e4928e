import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo, useState } from "react";

type Overlay = "palette" | "keys";

const CommandPalette = lazy(() => import("./CommandPalette").then((module) => ({ default: module.CommandPalette })));
const KeysDialog = lazy(() => import("./KeysDialog").then((module) => ({ default: module.KeysDialog })));

const OverlayContext = createContext<{ open(overlay: Overlay): void }>({ open: () => undefined });

/** What can be opened from anywhere in the shell. */
export const useOverlays = () => useContext(OverlayContext);

export function OverlayProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Overlay | null>(null);
  const overlays = useMemo(() => ({ open: setShown }), []);
  const close = () => setShown(null);
  return (
    <OverlayContext value={overlays}>
      {children}
      <Suspense>
        {shown === "palette" && <CommandPalette onClose={close} />}
        {shown === "keys" && <KeysDialog onClose={close} />}
      </Suspense>
    </OverlayContext>
  );
}
