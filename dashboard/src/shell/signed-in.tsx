/** Everything about one environment. Each has answers of its own: nothing of another is ever shown. */
import { QueryClientProvider } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { oneEach } from "../api/one-each.ts";
import { makeQueryClient } from "../api/query-client.ts";
import { Empty } from "../ui/states.tsx";
import { PlaceProvider } from "./environment.ts";
import { rememberEnvironment } from "./last-environment.ts";
import { Shell } from "./shell.tsx";

const route = getRouteApi("/signed-in/e/$env");
const clientOf = oneEach(makeQueryClient);

export function SignedIn() {
  const { env } = route.useParams();
  const { data: environments } = route.useLoaderData();
  const { account } = route.useRouteContext();
  const environment = environments.find(({ dev_id }) => dev_id === env);
  const place = useMemo(
    () => (environment === undefined ? null : { environment, environments, account }),
    [environment, environments, account],
  );
  useEffect(() => rememberEnvironment(env), [env]);
  if (place === null) {
    return (
      <Empty title="There is no such environment" action={<a href="/dashboard">Open another</a>}>
        {`None has the dev-id ${env}.`}
      </Empty>
    );
  }
  return (
    <QueryClientProvider client={clientOf(env)}>
      <PlaceProvider value={place}>
        <Shell key={env} />
      </PlaceProvider>
    </QueryClientProvider>
  );
}
