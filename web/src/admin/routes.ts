import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { shellRoute } from "~/app/routes/root";

const adminRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/admin",
  component: lazyRouteComponent(() => import("./AdminPage"), "AdminPage"),
});

const indexRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/admin/channels" });
  },
});

const channelsRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/channels",
  component: lazyRouteComponent(() => import("./channels/ChannelsPage"), "ChannelsPage"),
});

const agentsRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/agents",
  component: lazyRouteComponent(() => import("./agents/AgentsPage"), "AgentsPage"),
});

const labelsRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/labels",
  component: lazyRouteComponent(() => import("./labels/LabelsPage"), "LabelsPage"),
});

const cannedRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/canned-replies",
  component: lazyRouteComponent(() => import("./canned/CannedRepliesPage"), "CannedRepliesPage"),
});

const deadLettersRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/dead-letters",
  validateSearch: texts("channel", "kind", "reason", "show"),
  component: lazyRouteComponent(() => import("./dead/DeadLettersPage"), "DeadLettersPage"),
});

const subscriptionsRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/subscriptions",
  component: lazyRouteComponent(() => import("./subscriptions/SubscriptionsPage"), "SubscriptionsPage"),
});

const subscriptionRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/subscriptions/$subscriptionId",
  component: lazyRouteComponent(() => import("./subscriptions/SubscriptionPage"), "SubscriptionPage"),
});

const auditRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/audit",
  validateSearch: texts("agent", "action", "conversation"),
  component: lazyRouteComponent(() => import("./audit/AuditPage"), "AuditPage"),
});

export const adminRoutes = [
  adminRoute.addChildren([
    indexRoute,
    channelsRoute,
    agentsRoute,
    labelsRoute,
    cannedRoute,
    deadLettersRoute,
    subscriptionsRoute,
    subscriptionRoute,
    auditRoute,
  ]),
];

/** Search parameters that are texts; whatever else stands in the address is not for the page. */
function texts<Name extends string>(...names: Name[]) {
  return (search: Record<string, unknown>) =>
    Object.fromEntries(
      names.flatMap((name) => (typeof search[name] === "string" && search[name] !== "" ? [[name, search[name]]] : [])),
    ) as Partial<Record<Name, string>>;
}
