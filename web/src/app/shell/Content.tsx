import { Outlet, useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/** The room that is open. It takes the focus when what had it went with the room before, so that Tab and F6 go on from here. */
export function Content() {
  const router = useRouter();
  const content = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      router.subscribe("onRendered", ({ fromLocation }) => {
        if (fromLocation && document.activeElement === document.body) content.current?.focus({ preventScroll: true });
      }),
    [router],
  );
  return (
    <div id="content" ref={content} tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 -outline-offset-2">
      <Outlet />
    </div>
  );
}
