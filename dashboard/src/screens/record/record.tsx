/** One record: drawn, and as JSON beside the raw bodies it came from. */
import { Button, SegmentedControl } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import type { components, paths } from "../../api/schema.gen.ts";
import { useApi, usePlace } from "../../shell/environment.ts";
import { Page } from "../../ui/page.tsx";
import { Loaded } from "../../ui/states.tsx";
import { offsetOf, recordTime, When } from "../../ui/time.tsx";
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
  return <Loaded asked={asked}>{(answer) => <Shown answer={answer} userId={user} />}</Loaded>;
}

const drawn: readonly string[] = ["activity", "sleep", "daily", "body"];

function Shown({ answer, userId }: { readonly answer: Answer; readonly userId: string }) {
  const { environment } = usePlace();
  const { type, start_time: start, revision, updated_at: changed } = answer;
  const canBeDrawn = drawn.includes(type);
  const [view, setView] = useState(canBeDrawn ? "chart" : "source");
  return (
    <Page
      title={`${nameOf(type)}${start === null ? "" : `, ${recordTime(start, { withTime: type !== "daily" && type !== "body" })}`}`}
      lead={
        <>
          {start === null ? "" : `${offsetOf(start)} · `}revision {revision}, changed <When at={changed} />
        </>
      }
      actions={
        <>
          {canBeDrawn && (
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
          <Button component={Link} to={`/e/${environment.dev_id}/people/${userId}`} variant="default">
            Person
          </Button>
        </>
      }
    >
      {view === "chart" ? (
        <Drawn answer={answer} />
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

function nameOf(type: string): string {
  const names: Readonly<Record<string, string>> = {
    sleep: "Night",
    daily: "Day",
    activity: "Activity",
    body: "Body",
  };
  return names[type] ?? type.charAt(0).toUpperCase() + type.slice(1);
}

/** The route says which of the models a record follows. */
function Drawn({ answer: { type, record } }: { readonly answer: Answer }) {
  switch (type) {
    case "activity":
      return <ActivityView record={record as Schemas["Activity"]} />;
    case "sleep":
      return <NightView record={record as Schemas["Sleep"]} />;
    case "daily":
      return <DayView record={record as Schemas["Daily"]} />;
    default:
      return <BodyView record={record as Schemas["Body"]} />;
  }
}
