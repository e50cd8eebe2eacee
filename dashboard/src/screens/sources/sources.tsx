/** The gallery of providers: those that people can connect, and those that could be enabled. */
import { Group, SimpleGrid, Text } from "@mantine/core";
import type { components } from "../../api/schema.gen.ts";
import { useApi, usePlace } from "../../shell/environment.ts";
import { CardLink } from "../../ui/card.tsx";
import { Page } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { Status, type Tone } from "../../ui/status.tsx";

export type ProviderState = components["schemas"]["ProviderState"];

export function Sources() {
  const asked = useApi().useQuery("get", "/admin/v1/providers", {}, { refetchInterval: 5_000 });
  return (
    <Page title="Sources" lead="Wearables that people can connect in this environment.">
      <Loaded asked={asked}>
        {({ data }) =>
          data.length === 0 ? <Empty title="This version has no provider" /> : <Gallery providers={data} />
        }
      </Loaded>
    </Page>
  );
}

function Gallery({ providers }: { readonly providers: readonly ProviderState[] }) {
  const { environment } = usePlace();
  const enabledFirst = [...providers].sort(
    (a, b) => Number(b.configured) - Number(a.configured) || a.name.localeCompare(b.name),
  );
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md">
      {enabledFirst.map((provider) => (
        <CardLink key={provider.slug} to={`/e/${environment.dev_id}/sources/${provider.slug}`}>
          <Group justify="space-between" wrap="nowrap">
            <Text fw={600}>{provider.name}</Text>
            <SourceState provider={provider} />
          </Group>
          <Text size="sm" c="dimmed" mt={6}>
            {provider.data_types.join(", ")}
          </Text>
        </CardLink>
      ))}
    </SimpleGrid>
  );
}

export function SourceState({ provider }: { readonly provider: ProviderState }) {
  if (!provider.configured) return <Status tone="quiet">Not enabled</Status>;
  const [tone, name] = webhookState(provider.subscription);
  return <Status tone={tone}>{name}</Status>;
}

/** Says whether somebody has to do something about the webhook. */
function webhookState(subscription: ProviderState["subscription"]): readonly [Tone, string] {
  if (subscription === null) return ["good", "Enabled"];
  if (subscription.silent_since !== null) return ["warn", "Webhook silent"];
  if (subscription.state === "active") return ["good", "Enabled"];
  if (subscription.state === "manual") return ["busy", "Webhook by hand"];
  if (["failed", "missing", "error"].includes(subscription.state)) return ["bad", "Webhook failed"];
  return ["busy", "Webhook pending"];
}
