import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "~/app/routes/root";
import type { SearchIn } from "~/api/types";

const places: SearchIn[] = ["messages", "conversations", "contacts"];

const searchRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/search",
  validateSearch: (raw: Record<string, unknown>): { q?: string; in?: SearchIn } => ({
    q: typeof raw.q === "string" ? raw.q : undefined,
    in: places.find((each) => each === raw.in),
  }),
  component: lazyRouteComponent(() => import("./SearchPage"), "SearchPage"),
});

export const searchRoutes = [searchRoute];
