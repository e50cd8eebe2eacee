/** Environments, the keys of this one, and the origins that browsers may be sent back to. */
import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import type { paths } from "../../api/schema.gen.ts";
import { useApi, useMayChange, usePlace } from "../../shell/environment.ts";
import { StageWord } from "../../shell/stage-mark.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { hasEnded, InUse } from "../../ui/in-use.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { MakeKey } from "../start/make-key.tsx";
import { ConnectPageBrand } from "./connect-page-brand.tsx";
import { NewEnvironment } from "./new-environment.tsx";
import { RedirectOrigins } from "./redirect-origins.tsx";
import { Retention } from "./retention.tsx";
import { RotateKey } from "./rotate-key.tsx";
import { ThisEnvironment } from "./this-environment.tsx";

type Key = paths["/admin/v1/keys"]["get"]["responses"][200]["content"]["application/json"]["data"][number];

export function Keys() {
  const { environment } = usePlace();
  return (
    <Page title="Environments and keys" lead="An environment is an app, or an app's testing and production.">
      <EnvironmentList />
      <ThisEnvironment key={`environment ${environment.dev_id}`} />
      <Retention key={`retention ${environment.dev_id}`} />
      <KeyList />
      <ConnectPageBrand key={`brand ${environment.dev_id}`} />
      <RedirectOrigins key={environment.dev_id} />
    </Page>
  );
}

function EnvironmentList() {
  const { environment, environments } = usePlace();
  return (
    <Panel title="Environments" actions={useMayChange() && <NewEnvironment />} flush>
      <table className="data-table" aria-label="Environments">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">dev-id</th>
            <th scope="col">Stage</th>
            <th scope="col">Made</th>
          </tr>
        </thead>
        <tbody>
          {environments.map((one) => (
            <tr key={one.dev_id}>
              <td>
                <Group gap="xs">
                  <a className="plain-link" href={`/dashboard/e/${one.dev_id}/keys`}>
                    {one.name}
                  </a>
                  {one.dev_id === environment.dev_id && (
                    <Text span size="xs" c="dimmed">
                      shown here
                    </Text>
                  )}
                </Group>
              </td>
              <td>
                <code>{one.dev_id}</code>
              </td>
              <td>
                <StageWord stage={one.stage} />
              </td>
              <td>
                <When at={one.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function KeyList() {
  const { environment } = usePlace();
  const asked = useApi().useQuery("get", "/admin/v1/keys", {}, { refetchInterval: 10_000 });
  const mayChange = useMayChange();
  return (
    <Panel title={`API keys of ${environment.name}`} actions={mayChange && <MakeKey isFirst={false} />} flush>
      <Loaded asked={asked}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No key yet" icon={<IconKey size={28} aria-hidden />}>
              Your code sends its calls with a key and the dev-id <code>{environment.dev_id}</code>.
            </Empty>
          ) : (
            <table className="data-table" aria-label="API keys">
              <thead>
                <tr>
                  <th scope="col">For</th>
                  <th scope="col">Known by</th>
                  <th scope="col">Made</th>
                  <th scope="col">State</th>
                  <th scope="col">
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map((key) => (
                  <KeyRow key={key.id} apiKey={key} mayChange={mayChange} />
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Panel>
  );
}

function KeyRow({ apiKey, mayChange }: { readonly apiKey: Key; readonly mayChange: boolean }) {
  const { id, label, created_at: made, revoked_at: revoked, expires_at: end } = apiKey;
  return (
    <tr>
      <td>{label}</td>
      <td>
        <code>{id.slice(0, 12)}</code>
      </td>
      <td>
        <When at={made} />
      </td>
      <td>
        <InUse revokedAt={revoked} endsAt={end} />
      </td>
      <td style={{ textAlign: "right" }}>
        {mayChange && revoked === null && !hasEnded(end) && (
          <Group gap="xs" justify="flex-end">
            <RotateKey id={id} label={label} />
            <RevokeKey id={id} label={label} />
          </Group>
        )}
      </td>
    </tr>
  );
}

function RevokeKey({ id, label }: { readonly id: string; readonly label: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  const revoke = useApi().useMutation("delete", "/admin/v1/keys/{id}", {
    onSuccess: () => {
      close();
      return client.invalidateQueries();
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        Revoke
      </Button>
      <Confirm
        opened={opened}
        onClose={close}
        title={`Revoke the key “${label}”?`}
        consequences={[
          "Calls with this key are refused from now on.",
          "It cannot be brought back: make a new one instead.",
        ]}
        verb="Revoke key"
        error={revoke.error}
        isPending={revoke.isPending}
        onConfirm={() => revoke.mutate({ params: { path: { id } } })}
      />
    </>
  );
}
