import { Launcher } from "./Launcher";
import { Panel } from "./Panel";
import type { View } from "./view";

export function App(view: View) {
  const { state, language, direction, announced } = view;
  return (
    <div class="chat" lang={language} dir={direction}>
      {state.open && <Panel view={view} />}
      <Launcher view={view} />
      <div class="unseen" aria-live="polite">
        {announced}
      </div>
    </div>
  );
}
