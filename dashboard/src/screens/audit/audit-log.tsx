/** Every change and who made it. */
import { Drawer, SimpleGrid, Stack, Text } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { answered } from "../../api/answered.ts";
import { usePages } from "../../api/pages.ts";
import type { paths } from "../../api/schema.gen.ts";
import { useCalls } from "../../shell/environment.ts";
import { Facts } from "../../ui/facts.tsx";
import { Filters, TextFilter } from "../../ui/filter.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { type Column, List } from "../../ui/list.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { Status } from "../../ui/status.tsx";
import { inUtc, When } from "../../ui/time.tsx";
import { withoutEmpty } from "../../ui/without-empty.ts";

type Entry = paths["/admin/v1/audit"]["get"]["responses"][200]["content"]["application/json"]["data"][number];
const route = getRouteApi("/signed-in/e/$env/audit");

export function AuditLog() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: typeof search) =>
    void navigate({ search: (former) => ({ ...former, ...part }), replace: true });
  const query = withoutEmpty({ limit: 100, operator: search.operator, action: search.action });
  const calls = useCalls();
  const asked = usePages({
    key: ["audit", query],
    ask: (before) => answered(calls.GET("/admin/v1/audit", { params: { query: { ...query, ...before } } })),
    everyMs: 15_000,
  });
  const [opened, setOpened] = useState<Entry | null>(null);
  return (
    <Panel
      title="Audit log"
      note="of every environment"
      actions={
        <Filters>
          <TextFilter
            label="Who"
            hint="Who"
            width={180}
            value={search.operator}
            onChange={(operator) => change({ operator })}
          />
          <TextFilter
            label="What"
            hint="What, e.g. DELETE"
            width={200}
            value={search.action}
            onChange={(action) => change({ action })}
          />
        </Filters>
      }
      flush
    >
      <Loaded asked={asked}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No entry fits" />
          ) : (
            <List
              label="Audit log"
              rows={rows}
              columns={columnsOf(setOpened)}
              keyOf={({ id }) => id}
              onOpen={setOpened}
              pages={asked}
            />
          )
        }
      </Loaded>
      <Drawer
        opened={opened !== null}
        onClose={() => setOpened(null)}
        position="right"
        size="xl"
        title="Change"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {opened !== null && <Shown entry={opened} />}
      </Drawer>
    </Panel>
  );
}

const columnsOf = (open: (entry: Entry) => void): Column<Entry>[] => [
  {
    name: "What",
    cell: (entry) => (
      <button type="button" className="plain-button plain-link" onClick={() => open(entry)}>
        {actionName(entry.action)}
      </button>
    ),
  },
  { name: "Who", width: "20%", cell: ({ operator }) => operator.name },
  { name: "Environment", width: "15%", cell: ({ environment }) => environment ?? "–" },
  { name: "Outcome", width: "16%", cell: (entry) => <Outcome entry={entry} /> },
  { name: "When", width: "12%", cell: ({ at }) => <When at={at} /> },
];

/** `POST /admin/v1/destinations/:id/check` without what is the same for all. */
const actionName = (action: string): string => action.replace("/admin/v1/", "/");

function Outcome({ entry: { status, code } }: { readonly entry: Entry }) {
  if (status === null) return <Status tone="warn">Unknown</Status>;
  return status < 400 ? (
    <Status tone="good">Done</Status>
  ) : (
    <Status tone="bad">{`Refused: ${code ?? status}`}</Status>
  );
}

function Shown({ entry }: { readonly entry: Entry }) {
  return (
    <Stack>
      <Facts
        facts={[
          ["What", <code key="what">{entry.action}</code>],
          ["On", <code key="on">{entry.target}</code>],
          ["Who", `${entry.operator.name} (${entry.operator.kind})`],
          ["When", inUtc(entry.at)],
          ["From", [entry.address, entry.client].filter(Boolean).join(", ") || "–"],
          ["Outcome", <Outcome key="outcome" entry={entry} />],
          ["Trace id", <code key="trace">{entry.trace_id ?? "–"}</code>],
        ]}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Side title="Before" value={entry.before} />
        <Side title="After" value={entry.after} />
      </SimpleGrid>
    </Stack>
  );
}

function Side({ title, value }: { readonly title: string; readonly value: unknown }) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {value === null || value === undefined ? (
        <Text size="sm" c="dimmed">
          nothing
        </Text>
      ) : (
        <JsonView value={value} label={title} />
      )}
    </div>
  );
}
