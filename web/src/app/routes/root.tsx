// The two routes that every other hangs below. Apart from the router, so that a room's routes need not import all rooms.
import { createRootRoute, createRoute, Outlet } from "@tanstack/react-router";
import { NotFound } from "../NotFound";
import { PageError } from "../PageError";
import { SignedIn } from "../SignedIn";

export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageError });

/** Everything below it is for agents who are signed in, and has the shell around it. */
export const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: "shell", component: SignedIn });
