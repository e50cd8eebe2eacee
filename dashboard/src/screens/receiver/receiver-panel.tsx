/** The built-in receiver: what came to it, as it arrives. */
import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { answered } from "../../api/answered.ts";
import { usePages } from "../../api/pages.ts";
import type { paths } from "../../api/schema.gen.ts";
import { useApi, useCalls, useMayChange, usePlace } from "../../shell/environment.ts";
import { bytes, counted } from "../../ui/amounts.ts";
import { Confirm } from "../../ui/confirm.tsx";
import type { Pages } from "../../ui/list.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty, Loaded, Loading } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { LiveMark } from "../events/live.tsx";
import classes from "./receiver.module.css";
import { Signature } from "./signature.tsx";

/** Loaded where there is a receiver: the first load of Start has none. */
const RequestDrawer = lazy(async () => ({ default: (await import("./request-drawer.tsx")).RequestDrawer }));

type Answer =
  paths["/admin/v1/receivers/{id}/requests"]["get"]["responses"][200]["content"]["application/json"];
type Received = Answer["data"][number];

const pageSize = 25;

export function ReceiverPanel({ id }: { readonly id: string }) {
  const calls = useCalls();
  const [opened, setOpened] = useState<string | null>(null);
  const asked = usePages({
    key: ["receiver", id],
    ask: (before) =>
      answered(
        calls.GET("/admin/v1/receivers/{id}/requests", {
          params: { path: { id }, query: { limit: pageSize, ...before } },
        }),
      ),
    everyMs: 10_000,
  });
  return (
    <Panel title="Built-in receiver" note={<LiveMark />} actions={useMayChange() && <Remove id={id} />} flush>
      <Loaded asked={asked} loading={<Loading rows={3} height={24} />}>
        {(rows) => (rows.length === 0 ? <Waiting /> : <Table rows={rows} pages={asked} onOpen={setOpened} />)}
      </Loaded>
      <Suspense>
        <RequestDrawer receiver={id} request={opened} onClose={() => setOpened(null)} />
      </Suspense>
    </Panel>
  );
}

function Waiting() {
  const { environment } = usePlace();
  return (
    <Empty title="Waiting for the first payload">
      Everything that happens from now on appears here as it arrives, with its signature verified as your own
      webhook would. Connect a person, or send an example from{" "}
      <Link to="/e/$env/previews" params={{ env: environment.dev_id }}>
        Payload previews
      </Link>
      .
    </Empty>
  );
}

interface TableProps {
  readonly rows: readonly Received[];
  readonly pages: Pages;
  readonly onOpen: (id: string) => void;
}

function Table({ rows, pages, onOpen }: TableProps) {
  return (
    // A scrolled region is reached by the keyboard only when it can be focused.
    <section className={classes.scrolled} aria-label="Received requests, newest first" tabIndex={0}>
      <table className="data-table" aria-label="Received requests">
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">Person</th>
            <th scope="col">Signature</th>
            <th scope="col" className="number">
              Size
            </th>
            <th scope="col">Arrived</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="clickable" onClick={() => onOpen(row.id)}>
              <td>
                <button
                  type="button"
                  className={`plain-button ${classes.type}`}
                  onClick={() => onOpen(row.id)}
                >
                  {row.type ?? "unknown"}
                </button>
              </td>
              <td className={`truncate ${classes.person}`}>{row.reference_id ?? row.user_id ?? "–"}</td>
              <td>
                <Signature of={row.signature} />
              </td>
              <td className="number">{bytes(row.bytes)}</td>
              <td>
                <When at={row.received_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Foot count={rows.length} pages={pages} />
    </section>
  );
}

function Foot({ count, pages }: { readonly count: number; readonly pages: Pages }) {
  return (
    <Group justify="center" p="xs">
      {pages.hasNextPage ? (
        <Button
          variant="subtle"
          size="xs"
          loading={pages.isFetchingNextPage}
          onClick={() => pages.fetchNextPage()}
        >
          Load older ones
        </Button>
      ) : (
        <Text size="xs" c="dimmed">
          {`${counted(count, "request")}; the newest 200 are kept`}
        </Text>
      )}
    </Group>
  );
}

function Remove({ id }: { readonly id: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  const api = useApi();
  const { queryKey } = api.queryOptions("get", "/admin/v1/receivers", {});
  const remove = api.useMutation("delete", "/admin/v1/receivers/{id}", {
    onSuccess: () => {
      // Known at once, so that nothing more is asked of it.
      client.setQueryData(queryKey, { data: [] });
      return client.invalidateQueries();
    },
  });
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Remove
      </Button>
      <Confirm
        opened={opened}
        onClose={close}
        title="Remove the built-in receiver?"
        consequences={[
          "What it received is deleted.",
          "Its destination is deleted too. Deliveries stay in the list.",
        ]}
        verb="Remove receiver"
        error={remove.error}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate({ params: { path: { id } } })}
      />
    </>
  );
}
