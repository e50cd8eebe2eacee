/** The records of a person by day: a year, a column for each week. Gaps are seen at a glance. */
import { Group, SegmentedControl, Text } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { useApi } from "../../shell/environment.ts";
import { counted } from "../../ui/amounts.ts";
import { dayMs, dayOf } from "../../ui/days.ts";
import { Panel } from "../../ui/page.tsx";
import { Loaded, Loading } from "../../ui/states.tsx";
import { type CalendarDay, daysBetween, weeksOf } from "./calendar.ts";
import classes from "./held-calendar.module.css";

const route = getRouteApi("/signed-in/e/$env/people/$user");
const shownDays = 53 * 7;
const cell = 15;
const gap = 3;
const labelWidth = 30;
const headHeight = 18;

export function HeldCalendar({ userId }: { readonly userId: string }) {
  // A day further than here: east of us it is tomorrow already.
  const to = dayOf(Date.now() + dayMs);
  const from = dayOf(Date.parse(to) - (shownDays - 1) * dayMs);
  const asked = useApi().useQuery(
    "get",
    "/admin/v1/users/{id}/calendar",
    { params: { path: { id: userId }, query: { from, to } } },
    { refetchInterval: 5_000 },
  );
  return (
    <Loaded
      asked={asked}
      loading={
        <Panel title="Held by day">
          <Loading rows={5} />
        </Panel>
      }
    >
      {({ data }) => <Calendar days={data} from={from} to={to} />}
    </Loaded>
  );
}

interface CalendarProps {
  readonly days: readonly CalendarDay[];
  readonly from: string;
  readonly to: string;
}

function Calendar({ days, from, to }: CalendarProps) {
  const [type, setType] = useState("all");
  const types = useMemo(() => [...new Set(days.map((day) => day.type))].sort(), [days]);
  const counts = useMemo(() => countsOf(days, type), [days, type]);
  const gaps = gapsOf(counts);
  const scroll = useRef<HTMLDivElement>(null);
  // The newest days are at the right end.
  useEffect(() => {
    if (scroll.current !== null) scroll.current.scrollLeft = scroll.current.scrollWidth;
  }, []);
  return (
    <Panel
      title="Held by day"
      note={`${counted(counts.size, "day")} with data${gaps === 0 ? "" : `, ${counted(gaps, "day")} missing in between`}`}
      actions={
        types.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Type"
            data={[{ value: "all", label: "All" }, ...types]}
            value={type}
            onChange={setType}
          />
        )
      }
    >
      <div ref={scroll} className={classes.scroll} tabIndex={0} role="group" aria-label="Calendar">
        <Weeks counts={counts} from={from} to={to} />
      </div>
      <Legend />
    </Panel>
  );
}

function countsOf(days: readonly CalendarDay[], type: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { day, records, type: own } of days) {
    if (type === "all" || type === own) counts.set(day, (counts.get(day) ?? 0) + records);
  }
  return counts;
}

/** The first and the last day that have something. */
function extremesOf(counts: ReadonlyMap<string, number>): readonly [string | undefined, string | undefined] {
  const days = [...counts.keys()].sort();
  return [days[0], days.at(-1)];
}

/** Counts the days without anything between the first and the last that have something. */
function gapsOf(counts: ReadonlyMap<string, number>): number {
  const [first, last] = extremesOf(counts);
  return first === undefined || last === undefined ? 0 : daysBetween(first, last).length - counts.size;
}

function Weeks({
  counts,
  from,
  to,
}: {
  readonly counts: ReadonlyMap<string, number>;
  readonly from: string;
  readonly to: string;
}) {
  const navigate = route.useNavigate();
  const weeks = useMemo(() => weeksOf(from, to), [from, to]);
  const width = labelWidth + weeks.length * (cell + gap);
  const [first, last] = extremesOf(counts);
  return (
    <svg
      width={width}
      height={headHeight + 7 * (cell + gap)}
      role="img"
      aria-label={
        first === undefined
          ? "No day has data"
          : `${counted(counts.size, "day")} with data between ${first} and ${last}`
      }
    >
      {["Mon", "Wed", "Fri", "Sun"].map((name, index) => (
        <text key={name} x={0} y={headHeight + index * 2 * (cell + gap) + 11} className={classes.label}>
          {name}
        </text>
      ))}
      {weeks.map(({ days, month }, column) => (
        <g key={days[0]?.day} transform={`translate(${labelWidth + column * (cell + gap)} 0)`}>
          {month !== null && (
            <text x={0} y={10} className={classes.label}>
              {month}
            </text>
          )}
          {days.map(({ day, weekday }) => {
            const count = counts.get(day) ?? 0;
            return (
              <rect
                key={day}
                y={headHeight + weekday * (cell + gap)}
                width={cell}
                height={cell}
                rx={2.5}
                className={classes.day}
                data-level={levelOf(count)}
                onClick={count === 0 ? undefined : () => void navigate({ search: { tab: "Records", day } })}
              >
                <title>{`${day}: ${count === 0 ? "nothing" : counted(count, "record")}`}</title>
              </rect>
            );
          })}
        </g>
      ))}
    </svg>
  );
}

const levelOf = (count: number): number =>
  count === 0 ? 0 : count <= 1 ? 1 : count <= 3 ? 2 : count <= 5 ? 3 : 4;

function Legend() {
  return (
    <Group gap={6} mt="sm" justify="flex-end">
      <Text size="xs" c="dimmed">
        Nothing
      </Text>
      <svg width={5 * (cell + gap)} height={cell} aria-hidden>
        {[0, 1, 2, 3, 4].map((level) => (
          <rect
            key={level}
            x={level * (cell + gap)}
            width={cell}
            height={cell}
            rx={2.5}
            className={classes.day}
            data-level={level}
          />
        ))}
      </svg>
      <Text size="xs" c="dimmed">
        6 records or more
      </Text>
    </Group>
  );
}
