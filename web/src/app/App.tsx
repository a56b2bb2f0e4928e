import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useMemo } from "react";
import { createApi } from "~/api/client";
import { ApiContext } from "~/api/context";
import { AnnouncerProvider } from "~/ui/announcer";
import { ToastProvider } from "~/ui/toasts";
import { TooltipProvider } from "~/ui/Tooltip";
import { createQueryClient } from "./query-client";
import { createAppRouter } from "./router";
import { SessionContext } from "./session/context";
import type { Session } from "./session/session";

const router = createAppRouter();

export function App({ session }: { session: Session }) {
  const client = useMemo(() => createQueryClient(), []);
  const api = useMemo(
    () => createApi({ baseUrl: session.config.api_url, token: session.token, signedOut: session.forget }),
    [session],
  );
  return (
    <SessionContext value={session}>
      <ApiContext value={api}>
        <QueryClientProvider client={client}>
          <TooltipProvider>
            <ToastProvider>
              <AnnouncerProvider>
                <RouterProvider router={router} />
              </AnnouncerProvider>
            </ToastProvider>
          </TooltipProvider>
        </QueryClientProvider>
      </ApiContext>
    </SessionContext>
  );
}
