import { QueryClient } from "@tanstack/react-query";
import { isTemporary } from "~/api/problem";

/** The cache of what the server said. The feed keeps it fresh, so neither focus nor a new connection asks for everything again. */
export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        gcTime: 10 * 60_000,
        networkMode: "always",
        retry: (failures, error) => isTemporary(error) && failures < 3,
        retryDelay: (failures) => Math.min(1000 * 2 ** failures, 10_000),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
