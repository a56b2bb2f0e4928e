import { createRoute, createRouter, lazyRouteComponent, type RouterHistory } from "@tanstack/react-router";
import { adminRoutes } from "~/admin/routes";
import { contactRoutes } from "~/contact/routes";
import { inboxRoutes } from "~/inbox/routes";
import { searchRoutes } from "~/search/routes";
import { settingsRoutes } from "~/settings/routes";
import { PageError } from "./PageError";
import { rootRoute, shellRoute } from "./routes/root";

/** Where the issuer sends the agent back to. */
const callbackRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/callback",
  component: lazyRouteComponent(() => import("./session/CallbackPage"), "CallbackPage"),
});

const routeTree = rootRoute.addChildren([
  callbackRoute,
  shellRoute.addChildren([...inboxRoutes, ...searchRoutes, ...contactRoutes, ...adminRoutes, ...settingsRoutes]),
]);

export const createAppRouter = (history?: RouterHistory) =>
  createRouter({
    routeTree,
    history,
    defaultErrorComponent: PageError,
    defaultPreload: "intent",
    defaultPreloadDelay: 80,
    scrollRestoration: false,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
