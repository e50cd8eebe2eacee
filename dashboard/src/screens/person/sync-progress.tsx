/** The progress of fetching, by resource of the provider. */
import { Code, Group, Progress, Stack, Text, Tooltip } from "@mantine/core";
import type { paths } from "../../api/schema.gen.ts";
import { useApi } from "../../shell/environment.ts";
import { counted } from "../../ui/amounts.ts";
import { Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { Status } from "../../ui/status.tsx";
import { When } from "../../ui/time.tsx";
import { Pushed } from "./pushed.tsx";
import { UploadTokens } from "./upload-tokens.tsx";

type Sync = paths["/admin/v1/users/{id}/sync"]["get"]["responses"][200]["content"]["application/json"];
type Resource = Sync["resources"][number];

export function SyncProgress({ userId }: { readonly userId: string }) {
  const path = { params: { path: { id: userId } } };
  const asked = useApi().useQuery("get", "/admin/v1/users/{id}/sync", path, { refetchInterval: 3_000 });
  return (
    <Loaded asked={asked}>
      {(sync) => (
        <Stack gap="lg">
          {sync.apis.length > 1 && <Apis apis={sync.apis} />}
          {sync.pushed !== null && (
            <>
              <Pushed pushed={sync.pushed} />
              <UploadTokens userId={userId} />
            </>
          )}
          {(sync.pushed === null || sync.resources.length > 0) && <ByResource sync={sync} />}
        </Stack>
      )}
    </Loaded>
  );
}

/** Which of the provider's APIs this person's permissions open. One alone is nothing to tell. */
function Apis({ apis }: { readonly apis: Sync["apis"] }) {
  return (
    <Panel title="What can be fetched">
      <Stack gap="xs">
        {apis.map(({ name, is_open, consent }) => (
          <Group key={name} gap="sm">
            <Status tone={is_open ? "good" : "quiet"}>{is_open ? "Open" : "Closed"}</Status>
            <Code>{name}</Code>
            <Text span size="sm" c="dimmed">
              {consentWords(name, is_open, consent)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function consentWords(name: string, isOpen: boolean, consent: string | null): string {
  if (!isOpen) return "The person has not agreed to this part, or the provider does not allow it.";
  return consent === null || consent === name
    ? "The person agreed to it."
    : `Opened by what the person agreed to for ${consent}.`;
}

function ByResource({ sync }: { readonly sync: Sync }) {
  return (
    <Panel
      title="By resource"
      note={<Status tone={sync.syncing ? "busy" : "good"}>{sync.syncing ? "Fetching" : "Up to date"}</Status>}
      flush
    >
      {sync.resources.length === 0 ? (
        <Empty title="Nothing was asked for yet">It begins a moment after the person has connected.</Empty>
      ) : (
        <Table resources={sync.resources} />
      )}
    </Panel>
  );
}

function Table({ resources }: { readonly resources: readonly Resource[] }) {
  return (
    <div style={{ overflowX: "auto" }}>
      <table className="data-table" aria-label="Fetching by resource">
        <thead>
          <tr>
            <th scope="col">Resource</th>
            <th scope="col">Fetched</th>
            <th scope="col">Days covered</th>
            <th scope="col">Last asked</th>
            <th scope="col">Asked again</th>
            <th scope="col">Gaps found</th>
            <th scope="col">Trouble</th>
          </tr>
        </thead>
        <tbody>
          {resources.map((one) => (
            <tr key={one.resource}>
              <td>
                <Text span size="sm" fw={550}>
                  {one.resource}
                </Text>
              </td>
              <td>
                <Fetched resource={one} />
              </td>
              <td>
                <Covered resource={one} />
              </td>
              <td>
                <When at={one.asked_until} none="not yet" />
              </td>
              <td>
                <When at={one.next_reconcile_at} />
              </td>
              <td>{one.gaps_found === 0 ? "none" : `${one.gaps_found}, filled`}</td>
              <td>
                <TroubleOf resource={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Fetched({ resource: { orders, resource } }: { readonly resource: Resource }) {
  const { waiting, done, failed } = orders;
  const all = waiting + done + failed;
  if (all === 0) return "–";
  return (
    <Group gap="xs" wrap="nowrap" miw={140}>
      <Progress.Root size="sm" w={70}>
        <Progress.Section
          value={(done / all) * 100}
          color={failed > 0 ? "yellow.7" : "teal.7"}
          aria-label={`${resource}: ${done} of ${all} fetched`}
        />
      </Progress.Root>
      <span>
        {done} of {all}
      </span>
    </Group>
  );
}

function Covered({ resource: { covered } }: { readonly resource: Resource }) {
  const [first] = covered;
  const last = covered.at(-1);
  if (first === undefined || last === undefined) return "–";
  const holes = covered.length - 1;
  return (
    <Tooltip label={covered.map(({ from, to }) => `${from} – ${to}`).join(", ")} multiline maw={360}>
      <span style={{ whiteSpace: "nowrap" }}>
        {first.from} – {last.to}
        {holes > 0 && `, ${counted(holes, "hole")}`}
      </span>
    </Tooltip>
  );
}

function TroubleOf({ resource: { trouble, unavailable } }: { readonly resource: Resource }) {
  if (unavailable !== null)
    return (
      <div>
        <Code>{unavailable.code}</Code>
        <Text size="xs" c="dimmed">
          the account does not have it, or it may not be read, since <When at={unavailable.since} />
        </Text>
      </div>
    );
  if (trouble === null)
    return (
      <Text span size="sm" c="dimmed">
        none
      </Text>
    );
  return (
    <div>
      <Code>{trouble.code}</Code>
      <Text size="xs" c="dimmed">
        {counted(trouble.attempts, "try", "tries")}, next <When at={trouble.next_try_at} none="not planned" />
      </Text>
    </div>
  );
}
