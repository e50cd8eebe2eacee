/** Every record of a person, latest start first. */

import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { answered } from "../../api/answered.ts";
import { usePages } from "../../api/pages.ts";
import type { paths } from "../../api/schema.gen.ts";
import { useCalls, usePlace } from "../../shell/environment.ts";
import { ChoiceFilter, Filters } from "../../ui/filter.tsx";
import { type Column, List, type Pages } from "../../ui/list.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { offsetOf, recordTime, When } from "../../ui/time.tsx";
import { withoutEmpty } from "../../ui/without-empty.ts";
import { type DataType, dataTypes } from "./data-types.ts";

type Answer = paths["/admin/v1/users/{id}/records"]["get"]["responses"][200]["content"]["application/json"];
type RecordRow = Answer["data"][number];

const route = getRouteApi("/signed-in/e/$env/people/$user");

export function Records({ userId }: { readonly userId: string }) {
  const search = route.useSearch();
  const { type, day } = search;
  const navigate = route.useNavigate();
  const change = (part: typeof search) =>
    void navigate({ search: (former) => ({ ...former, ...part }), replace: true });
  const query = withoutEmpty({
    limit: 100,
    type: type as DataType | undefined,
    start_date: day,
    end_date: day,
  });
  const calls = useCalls();
  const asked = usePages({
    key: ["records", userId, query],
    ask: (before) =>
      answered(
        calls.GET("/admin/v1/users/{id}/records", {
          params: { path: { id: userId }, query: { ...query, ...before } },
        }),
      ),
    everyMs: 10_000,
  });
  return (
    <>
      <Filters>
        <ChoiceFilter
          label="Type"
          all="Every type"
          choices={dataTypes}
          value={type}
          onChange={(value) => change({ type: value })}
        />
        {day !== undefined && (
          <Button
            variant="default"
            rightSection={<IconX size={14} aria-hidden />}
            onClick={() => change({ day: undefined })}
          >
            {day}
          </Button>
        )}
      </Filters>
      <div style={{ height: "1rem" }} />
      <Panel flush>
        <Loaded asked={asked}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No records">Nothing of this kind has arrived.</Empty>
            ) : (
              <Table rows={rows} userId={userId} pages={asked} />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

interface TableProps {
  readonly rows: readonly RecordRow[];
  readonly userId: string;
  readonly pages: Pages;
}

function Table({ rows, userId, pages }: TableProps) {
  const { environment } = usePlace();
  const navigate = useNavigate();
  const paramsOf = ({ type, natural_key: key }: RecordRow) => ({
    env: environment.dev_id,
    user: userId,
    type,
    key,
  });
  const to = "/e/$env/people/$user/$type/$key";
  const columns: Column<RecordRow>[] = [
    {
      name: "Type",
      width: "14%",
      cell: (row) => (
        <Link to={to} params={paramsOf(row)} className="plain-link">
          {row.type}
        </Link>
      ),
    },
    { name: "Starts", cell: ({ start_time: at }) => (at === null ? "–" : recordTime(at)) },
    { name: "Its time zone", width: "17%", cell: ({ start_time: at }) => (at === null ? "–" : offsetOf(at)) },
    { name: "Revision", width: "10%", isNumber: true, cell: ({ revision }) => revision },
    { name: "Raw bodies", width: "11%", isNumber: true, cell: (row) => row.raw_payload_ids.length },
    { name: "Changed", width: "14%", cell: (row) => <When at={row.updated_at} /> },
  ];
  return (
    <List
      label="Records"
      rows={rows}
      columns={columns}
      keyOf={({ type, natural_key: key }) => `${type} ${key}`}
      onOpen={(row) => void navigate({ to, params: paramsOf(row) })}
      pages={pages}
    />
  );
}
