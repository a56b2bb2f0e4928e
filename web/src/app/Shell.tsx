import { ConversationActionsProvider } from "~/conversation-actions";
import { DraftsProvider } from "~/drafts/context";
import { OutboxProvider } from "~/outbox/context";
import { Notifications } from "./notifications/Notifications";
import { ConnectionBanner } from "./shell/ConnectionBanner";
import { Content } from "./shell/Content";
import { GlobalShortcuts } from "./shell/GlobalShortcuts";
import { HealthBanner } from "./shell/HealthBanner";
import { OverlayProvider } from "./shell/overlays";
import { Rail } from "./shell/Rail";
import { t } from "./text";

/** The frame around every room, and what works while any of them is open. */
export function Shell() {
  return (
    <DraftsProvider>
      <OutboxProvider>
        <ConversationActionsProvider>
          <OverlayProvider>
            <GlobalShortcuts />
            <Notifications />
            <div className="flex h-full flex-col">
              <a href="#content" className="sr-only focus:not-sr-only focus:p-2">
                {t("nav.skip")}
              </a>
              <ConnectionBanner />
              <HealthBanner />
              <div className="flex min-h-0 flex-1 max-md:flex-col-reverse">
                <Rail />
                <Content />
              </div>
            </div>
          </OverlayProvider>
        </ConversationActionsProvider>
      </OutboxProvider>
    </DraftsProvider>
  );
}
