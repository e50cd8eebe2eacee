/** One provider: its credentials, its webhook, its data. */
import { List, SimpleGrid, Stack, Text } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useApi } from "../../shell/environment.ts";
import { CopyValue } from "../../ui/code.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { Credentials } from "./credentials.tsx";
import { DataTypes } from "./data-types.tsx";
import { Quota } from "./quota.tsx";
import { RepairWebhook } from "./repair-webhook.tsx";
import { type ProviderState, SourceState } from "./sources.tsx";
import { UnknownFields } from "./unknown-fields.tsx";

const route = getRouteApi("/signed-in/e/$env/sources/$slug");

export function Source() {
  const { slug } = route.useParams();
  const asked = useApi().useQuery("get", "/admin/v1/providers", {}, { refetchInterval: 5_000 });
  return (
    <Loaded asked={asked}>
      {({ data }) => {
        const provider = data.find((one) => one.slug === slug);
        return provider === undefined ? (
          <Empty title="There is no such provider" />
        ) : (
          <Shown provider={provider} />
        );
      }}
    </Loaded>
  );
}

function Shown({ provider }: { readonly provider: ProviderState }) {
  return (
    <Page title={provider.name} lead={<SourceState provider={provider} />}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="lg">
          <Credentials provider={provider} />
          <DataTypes key={provider.slug} provider={provider} />
        </Stack>
        <Stack gap="lg">
          {provider.configured && <Webhook provider={provider} />}
          <Quota provider={provider} />
          <UnknownFields slug={provider.slug} />
        </Stack>
      </SimpleGrid>
    </Page>
  );
}

const changes: Readonly<Record<string, string>> = {
  created: "made",
  updated: "moved to this server",
  reactivated: "switched on again",
};

const comes: Readonly<Record<ProviderState["connecting"], string>> = {
  oauth: "Systole asks it from time to time.",
  key: "Systole asks it from time to time.",
  upload: "people’s own clients upload their data here.",
};

function Webhook({
  provider: { name, subscription, slug, connecting },
}: {
  readonly provider: ProviderState;
}) {
  if (subscription === null) {
    return (
      <Panel title="Webhook">
        <Text size="sm">
          {name} needs no webhook: {comes[connecting]}
        </Text>
      </Panel>
    );
  }
  const {
    state,
    url,
    error,
    checked_at: checked,
    last_notification_at: last,
    last_change: change,
    silent_since: silent,
    steps,
  } = subscription;
  return (
    <Panel title="Webhook at the provider" actions={<RepairWebhook slug={slug} />}>
      <Stack>
        {silent !== null && (
          <Notice tone="warn">
            <Text size="sm">
              {name} has announced nothing <When at={silent} />, though there was something new. Check that it
              reaches this server.
            </Text>
          </Notice>
        )}
        {error !== null && (
          <Notice tone="bad">
            <Text size="sm">{error}</Text>
          </Notice>
        )}
        <Facts
          facts={[
            ["State", state],
            ["Address", url === null ? "–" : <CopyValue key="url" value={url} label="address" />],
            ["Checked", <When key="checked" at={checked} none="not yet" />],
            ["Last notification", <When key="last" at={last} none="none yet" />],
            ["Last change", change === null ? "–" : (changes[change.action] ?? change.action)],
          ]}
        />
        {steps !== undefined && steps.length > 0 && (
          <div>
            <Text size="sm" fw={600} mb={4}>
              To do at {name}
            </Text>
            <List type="ordered" size="sm">
              {steps.map((step) => (
                <List.Item key={step}>{step}</List.Item>
              ))}
            </List>
          </div>
        )}
      </Stack>
    </Panel>
  );
}
