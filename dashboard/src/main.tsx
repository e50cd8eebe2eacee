import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.layer.css";
import "./styles.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { whenSignedOut } from "./api/client.ts";
import { makeQueryClient } from "./api/query-client.ts";
import { makeRouter } from "./router.tsx";
import { sessionQuery } from "./shell/session.ts";
import { cssVariables, theme } from "./theme.ts";
import { Messages } from "./ui/messages.tsx";

const client = makeQueryClient();
const router = makeRouter(client);
whenSignedOut(() => {
  client.removeQueries({ queryKey: sessionQuery.queryKey });
  void router.invalidate();
});

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");
createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
    <Messages />
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>,
);
