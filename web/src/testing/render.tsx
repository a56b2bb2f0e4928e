import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { createApi } from "~/api/client";
import { ApiContext } from "~/api/context";
import { createFakeServer, type FakeServer } from "~/api/fake/server";
import { createQueryClient } from "~/app/query-client";
import { createAppRouter } from "~/app/router";
import { SessionContext } from "~/app/session/context";
import type { Session } from "~/app/session/session";
import { ConversationActionsProvider } from "~/conversation-actions";
import { DraftsProvider } from "~/drafts/context";
import { AnnouncerProvider } from "~/ui/announcer";
import { ToastProvider } from "~/ui/toasts";
import { TooltipProvider } from "~/ui/Tooltip";

const session: Session = {
  config: { issuer: "http://localhost/oidc", client_id: "dashboard", logout_url: null, api_url: "", dev: true },
  token: () => Promise.resolve("token"),
  signedIn: () => true,
  signIn: () => Promise.resolve(),
  complete: () => Promise.resolve("/"),
  signOut: () => Promise.resolve(),
  forget: () => undefined,
  subscribe: () => () => undefined,
};

function createFrame(server: FakeServer) {
  const client = createQueryClient();
  // A test that expects a failure must not wait for the tries in between.
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  const api = createApi({ baseUrl: "", token: session.token, signedOut: session.forget, fetch: server.fetch });
  const Frame = ({ children }: { children: ReactNode }) => (
    <SessionContext value={session}>
      <ApiContext value={api}>
        <QueryClientProvider client={client}>
          <TooltipProvider>
            <ToastProvider>
              <AnnouncerProvider>{children}</AnnouncerProvider>
            </ToastProvider>
          </TooltipProvider>
        </QueryClientProvider>
      </ApiContext>
    </SessionContext>
  );
  return { client, api, Frame };
}

/** Renders a component with everything around it but the router, against a fake server. */
export function renderWith(children: ReactNode, server: FakeServer = createFakeServer()) {
  const { client, api, Frame } = createFrame(server);
  const inShell = (
    <DraftsProvider>
      <ConversationActionsProvider>{children}</ConversationActionsProvider>
    </DraftsProvider>
  );
  return { server, client, api, ...render(inShell, { wrapper: Frame }) };
}

/** Renders the whole dashboard at an address, against a fake server. */
export function renderAt(address: string, server: FakeServer = createFakeServer()) {
  const { client, api, Frame } = createFrame(server);
  const router = createAppRouter(createMemoryHistory({ initialEntries: [address] }));
  return { server, client, api, router, ...render(<RouterProvider router={router} />, { wrapper: Frame }) };
}
