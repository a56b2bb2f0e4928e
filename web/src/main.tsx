import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { applyPreferences, rememberedPreferences } from "./app/preferences";
import { loadConfig } from "./app/session/config";
import { createSession } from "./app/session/session";
import { reloadWhenStale } from "./app/stale";
import { setLanguage } from "./i18n/text";
import "./styles.css";

reloadWhenStale();

const preferences = rememberedPreferences();
setLanguage(preferences.language);
applyPreferences(preferences);

const root = createRoot(document.getElementById("root") as HTMLElement);
const session = createSession(await loadConfig());
root.render(
  <StrictMode>
    <App session={session} />
  </StrictMode>,
);
