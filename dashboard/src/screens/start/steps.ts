/** The way to the first payload, each step checked against what the server says. */
import type { paths } from "../../api/schema.gen.ts";
import { useApi } from "../../shell/environment.ts";

type People = paths["/admin/v1/users"]["get"]["responses"][200]["content"]["application/json"];

export interface Steps {
  readonly hasKey: boolean;
  /** The first provider whose credentials were entered. */
  readonly provider: { readonly name: string } | null;
  /** The names of providers that need no credentials. */
  readonly free: readonly string[];
  readonly webhook: { readonly state: string; readonly error: string | null } | null;
  readonly destination: { readonly id: string; readonly kind: string } | null;
  /** The newest built-in receiver. */
  readonly receiver: { readonly id: string; readonly destination_id: string } | null;
  readonly people: number;
  /** The one who connected first. */
  readonly person: People["data"][number] | null;
  readonly hasDelivered: boolean;
}

const hasCredentials = ({ settings }: { readonly settings: object | null }): boolean =>
  Object.keys(settings ?? {}).length > 0;

const everyMs = { refetchInterval: 3_000 };

/** Undefined until everything was answered once. */
export function useSteps(): { steps: Steps | undefined; error: unknown; retry: () => void } {
  const api = useApi();
  const keys = api.useQuery("get", "/admin/v1/keys", {}, everyMs);
  const providers = api.useQuery("get", "/admin/v1/providers", {}, everyMs);
  const destinations = api.useQuery("get", "/admin/v1/destinations", {}, everyMs);
  const receivers = api.useQuery("get", "/admin/v1/receivers", {}, everyMs);
  const users = api.useQuery("get", "/admin/v1/users", { params: { query: { per_page: 1 } } }, everyMs);
  const delivered = api.useQuery(
    "get",
    "/admin/v1/deliveries",
    { params: { query: { states: "delivered", limit: 1 } } },
    everyMs,
  );
  const asked = [keys, providers, destinations, receivers, users, delivered];
  const retry = () => {
    for (const one of asked) void one.refetch();
  };
  const error = asked.find((one) => one.error !== null)?.error ?? null;
  if (!keys.data || !providers.data || !destinations.data) return { steps: undefined, error, retry };
  if (!receivers.data || !users.data || !delivered.data) return { steps: undefined, error, retry };
  const ready = providers.data.data.filter((provider) => provider.configured);
  const configured = ready.find(hasCredentials);
  const destination = destinations.data.data.find(({ active }) => active);
  const steps: Steps = {
    hasKey: keys.data.data.length > 0,
    provider: configured ?? null,
    free: ready.filter((provider) => !hasCredentials(provider)).map(({ name }) => name),
    webhook: configured?.subscription ?? null,
    destination: destination ?? null,
    receiver: receivers.data.data[0] ?? null,
    people: users.data.total,
    person: users.data.data[0] ?? null,
    hasDelivered: delivered.data.data.length > 0,
  };
  return { steps, error, retry };
}
