import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "~/app/routes/root";

const contactsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/contacts",
  validateSearch: (raw: Record<string, unknown>): { q?: string } => ({
    q: typeof raw.q === "string" ? raw.q : undefined,
  }),
  component: lazyRouteComponent(() => import("./ContactsPage"), "ContactsPage"),
});

const contactRoute = createRoute({
  getParentRoute: () => contactsRoute,
  path: "$contactId",
  component: lazyRouteComponent(() => import("./ContactPage"), "ContactPage"),
});

export const contactRoutes = [contactsRoute.addChildren([contactRoute])];
