/** Calls used of a provider's limits, and how many people they would carry. */
import { Progress, Stack, Text } from "@mantine/core";
import { useApi } from "../../shell/environment.ts";
import { count, duration } from "../../ui/amounts.ts";
import { Panel } from "../../ui/page.tsx";
import { Loaded } from "../../ui/states.tsx";
import type { ProviderState } from "./sources.tsx";

export function Quota({ provider: { slug, configured } }: { readonly provider: ProviderState }) {
  const asked = useApi().useQuery(
    "get",
    "/admin/v1/providers/{slug}/quota",
    { params: { path: { slug } } },
    { refetchInterval: 5_000, enabled: configured },
  );
  if (!configured) return null;
  return (
    <Panel title="Quota">
      <Loaded asked={asked}>
        {({ data }) => {
          const [budget] = data;
          if (budget === undefined) {
            return (
              <Text size="sm" c="dimmed">
                Known after the first call to the provider. A provider that only pushes has no limits here.
              </Text>
            );
          }
          return (
            <Stack gap="md">
              {budget.windows.map((window) => (
                <Window key={window.name} {...window} />
              ))}
              <Text size="sm" c="dimmed">
                {forecast(budget)}
              </Text>
            </Stack>
          );
        }}
      </Loaded>
    </Panel>
  );
}

interface WindowProps {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  readonly resets_in_seconds: number;
  readonly used_up_in_seconds: number | null;
}

function Window({ name, used, limit, resets_in_seconds: seconds, used_up_in_seconds: usedUp }: WindowProps) {
  const share = limit === 0 ? 0 : used / limit;
  return (
    <div>
      <Text size="sm" mb={4} className="tabular">
        {count(used)} of {count(limit)} calls in {name}; anew in {duration(Math.ceil(seconds / 60) * 60)}
      </Text>
      <Progress.Root size="sm">
        <Progress.Section
          value={share * 100}
          color={share > 0.8 ? "yellow.7" : "teal.7"}
          aria-label={`${Math.round(share * 100)} % of the ${name} window used`}
        />
      </Progress.Root>
      <Text size="sm" c="dimmed" mt={4}>
        {outlook(usedUp)}
      </Text>
    </div>
  );
}

function outlook(usedUp: number | null): string {
  if (usedUp === null) return "It does not look as if it will be used up before it begins anew.";
  if (usedUp === 0) return "It is used up. Calls wait until it begins anew; nothing is lost.";
  return `At the present rate it is used up in ${duration(usedUp)}; then calls wait until it begins anew.`;
}

interface Budget {
  readonly users: number;
  readonly users_that_fit: number | null;
  readonly calls_per_user_day: number | null;
}

function forecast({ users, users_that_fit: fit, calls_per_user_day: calls }: Budget): string {
  if (fit === null || calls === null)
    return `${count(users)} connected. How many more fit is known after a day.`;
  const more = Math.max(0, fit - users);
  return `${count(users)} connected, with ${calls.toFixed(1)} calls each a day: about ${count(more)} more would fit.`;
}
