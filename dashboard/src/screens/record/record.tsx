/** One record: drawn, and as JSON beside the raw bodies it came from. */
import { Button, SegmentedControl } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { components, paths } from "../../api/schema.gen.ts";
import { useApi, usePlace } from "../../shell/environment.ts";
import { LoadedPage, Page } from "../../ui/page.tsx";
import { offsetOf, recordTime, When } from "../../ui/time.tsx";
import { capitalized } from "../../ui/words.ts";
import type { DataType } from "../person/data-types.ts";
import { ActivityView } from "./activity-view.tsx";
import { BodyView } from "./body-view.tsx";
import { DayView } from "./day-view.tsx";
import { NightView } from "./night-view.tsx";
import { Source } from "./source.tsx";

type Answer =
  paths["/admin/v1/users/{id}/records/{type}/{natural_key}"]["get"]["responses"][200]["content"]["application/json"];
type Schemas = components["schemas"];

const route = getRouteApi("/signed-in/e/$env/people/$user/$type/$key");

export function RecordScreen() {
  const { user, type, key } = route.useParams();
  const path = { id: user, type: type as DataType, natural_key: key };
  const asked = useApi().useQuery("get", "/admin/v1/users/{id}/records/{type}/{natural_key}", {
    params: { path },
  });
  return (
    <LoadedPage title="Record" asked={asked}>
      {(answer) => <Shown answer={answer} userId={user} />}
    </LoadedPage>
  );
}

interface Drawing {
  readonly name: string;
  /** The record is about a whole day: its title tells no time. */
  readonly isOfDay?: boolean;
  readonly draw: (record: unknown) => ReactNode;
}

/** The drawings by type; all other types are shown as JSON alone. The route says which model a record follows. */
const drawings: Readonly<Record<string, Drawing>> = {
  activity: { name: "Activity", draw: (record) => <ActivityView record={record as Schemas["Activity"]} /> },
  sleep: { name: "Night", draw: (record) => <NightView record={record as Schemas["Sleep"]} /> },
  daily: { name: "Day", isOfDay: true, draw: (record) => <DayView record={record as Schemas["Daily"]} /> },
  body: { name: "Body", isOfDay: true, draw: (record) => <BodyView record={record as Schemas["Body"]} /> },
};

function Shown({ answer, userId }: { readonly answer: Answer; readonly userId: string }) {
  const { environment } = usePlace();
  const { type, start_time: start, revision, updated_at: changed } = answer;
  const drawing = drawings[type];
  const [view, setView] = useState("chart");
  const name = drawing?.name ?? capitalized(type);
  const withTime = drawing?.isOfDay !== true;
  return (
    <Page
      title={start === null ? name : `${name}, ${recordTime(start, { withTime })}`}
      lead={
        <>
          {start === null ? "" : `${offsetOf(start)} · `}revision {revision}, changed <When at={changed} />
        </>
      }
      actions={
        <>
          {drawing !== undefined && (
            <SegmentedControl
              aria-label="View"
              data={[
                { value: "chart", label: "Charts" },
                { value: "source", label: "JSON and source" },
              ]}
              value={view}
              onChange={setView}
            />
          )}
          <Downloads answer={answer} userId={userId} />
          <Button component={Link} to={`/e/${environment.dev_id}/people/${userId}`} variant="default">
            Person
          </Button>
        </>
      }
    >
      {drawing !== undefined && view === "chart" ? (
        drawing.draw(answer.record)
      ) : (
        <Source
          userId={userId}
          type={type as DataType}
          naturalKey={answer.natural_key}
          record={answer.record}
        />
      )}
    </Page>
  );
}

/** The types of records that FIT has a form for. */
const inFit: ReadonlySet<string> = new Set(["activity", "daily", "sleep", "body"]);

/** The record as files of other programs. */
function Downloads({ answer, userId }: { readonly answer: Answer; readonly userId: string }) {
  const { environment } = usePlace();
  const { type, natural_key: key } = answer;
  const path = `/admin/v1/users/${userId}/records/${type}/${encodeURIComponent(key)}`;
  const formats = inFit.has(type) ? ["fhir", "fit"] : ["fhir"];
  return formats.map((format) => (
    <Button
      key={format}
      component="a"
      href={`${path}/${format}?environment=${encodeURIComponent(environment.dev_id)}`}
      download
      variant="default"
    >
      {format.toUpperCase()}
    </Button>
  ));
}
