import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "~/styles.css";
import { TooltipProvider } from "~/ui/Tooltip";
import { Simulator } from "./Simulator";

const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <TooltipProvider>
          <Simulator />
        </TooltipProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
