import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { shellRoute } from "~/app/routes/root";
import { InboxPage } from "./InboxPage";
import { PickOne } from "./PickOne";
import { inboxSearch, type View, views } from "./search";

const startRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox/$view", params: { view: "mine" }, replace: true });
  },
});

export const inboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/inbox/$view",
  params: {
    parse: ({ view }) => ({ view: views.find((each) => each === view) ?? ("all" as View) }),
    stringify: ({ view }) => ({ view }),
  },
  validateSearch: inboxSearch,
  component: InboxPage,
});

const pickRoute = createRoute({ getParentRoute: () => inboxRoute, path: "/", component: PickOne });

export const conversationRoute = createRoute({
  getParentRoute: () => inboxRoute,
  path: "$conversationId",
  component: lazyRouteComponent(() => import("~/thread/ConversationPane"), "ConversationPane"),
});

export const inboxRoutes = [startRoute, inboxRoute.addChildren([pickRoute, conversationRoute])];
