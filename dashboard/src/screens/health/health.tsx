/** The health of the server: first in sentences, then in figures. */
import { SimpleGrid, Stack, Text } from "@mantine/core";
import type { components } from "../../api/schema.gen.ts";
import { useApi } from "../../shell/environment.ts";
import { bytes, count, counted, duration, percent } from "../../ui/amounts.ts";
import { Figures, rounded } from "../../ui/figures.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { Tables } from "./tables.tsx";

type HealthAnswer = components["schemas"]["Health"];

export function Health() {
  const asked = useApi().useQuery("get", "/admin/v1/health", {}, { refetchInterval: 5_000 });
  return (
    <Page title="Health" lead="Of this environment; queues and database are those of the whole server.">
      <Loaded asked={asked}>{(health) => <Shown health={health} />}</Loaded>
    </Page>
  );
}

function Shown({ health }: { readonly health: HealthAnswer }) {
  const { rates, oldest_undelivered_at: oldest, version, database } = health;
  const tries = rates.delivered + rates.failed;
  const age = oldest === null ? null : Math.max(0, Math.round((Date.now() - Date.parse(oldest)) / 1000));
  return (
    <Stack gap="lg">
      <Problems problems={health.problems} />
      <Figures
        figures={[
          { name: "New events", value: rounded(rates.events / rates.minutes, 1), unit: "/min" },
          { name: "Delivered", value: rounded(rates.delivered / rates.minutes, 1), unit: "/min" },
          { name: "Failed attempts", value: tries === 0 ? "none" : percent(rates.failed / tries) },
          { name: "Oldest waiting event", value: age === null ? "none" : duration(age) },
          { name: "Database", value: bytes(database.bytes) },
          { name: "Version", value: version },
        ]}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="lg">
          <Queues queues={health.queues} />
          <ProviderErrors errors={health.provider_errors} />
        </Stack>
        <Tables database={database} />
      </SimpleGrid>
    </Stack>
  );
}

function Problems({ problems }: Pick<HealthAnswer, "problems">) {
  if (problems.length === 0) {
    return (
      <Notice tone="good">
        <Text size="sm">All is well.</Text>
      </Notice>
    );
  }
  return (
    <Stack gap="xs" role="status">
      {problems.map(({ severity, text, remedy }) => (
        <Notice key={text} tone={severity === "error" ? "bad" : "warn"}>
          <Text size="sm" fw={600}>
            {text}
          </Text>
          <Text size="sm">{remedy}</Text>
        </Notice>
      ))}
    </Stack>
  );
}

const queueNames: Readonly<Record<string, string>> = {
  ingest: "Fetching from providers",
  deliver: "Delivering",
  request: "Requests for data",
  renormalize: "Renormalising",
};

function Queues({ queues }: Pick<HealthAnswer, "queues">) {
  return (
    <Panel title="Queues" flush>
      <table className="data-table" aria-label="Queues">
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col" className="number">
              Waiting
            </th>
            <th scope="col" className="number">
              Under way
            </th>
          </tr>
        </thead>
        <tbody>
          {queues.map(({ queue, waiting, active }) => (
            <tr key={queue}>
              <td>{queueNames[queue] ?? queue}</td>
              <td className="number">{count(waiting)}</td>
              <td className="number">{count(active)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function ProviderErrors({ errors }: { readonly errors: HealthAnswer["provider_errors"] }) {
  return (
    <Panel title="Errors at providers" flush={errors.length > 0}>
      {errors.length === 0 ? (
        <Text size="sm" c="dimmed">
          None: every provider answers for everybody.
        </Text>
      ) : (
        <table className="data-table" aria-label="Errors at providers">
          <tbody>
            {errors.map(({ provider, code, people, since }) => (
              <tr key={`${provider} ${code}`}>
                <td>{provider}</td>
                <td>
                  <code>{code}</code>
                </td>
                <td>{counted(people, "person", "people")}</td>
                <td>
                  <When at={since} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
