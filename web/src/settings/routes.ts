import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "~/app/routes/root";

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./SettingsPage"), "SettingsPage"),
});

const youRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  component: lazyRouteComponent(() => import("./YouPage"), "YouPage"),
});

// The same page as the administration's: there, everybody's are changed; here agents have their own.
const cannedRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/canned-replies",
  component: lazyRouteComponent(() => import("~/admin/canned/CannedRepliesPage"), "CannedRepliesPage"),
});

export const settingsRoutes = [settingsRoute.addChildren([youRoute, cannedRoute])];
