import type { components } from "../../api/schema.gen.ts";
import { clock, wallSeconds } from "../../charts/wall-clock.ts";
import { duration } from "../../ui/amounts.ts";
import { rounded } from "../../ui/figures.tsx";
import { Panel } from "../../ui/page.tsx";
import { inWords } from "../../ui/words.ts";
import { kmPerHour } from "./units.ts";

type Activity = components["schemas"]["Activity"];
export type Lap = NonNullable<NonNullable<Activity["lap_data"]>["laps"]>[number];

/** The time of a lap, or null where one end of it is not known. */
export const rangeOf = ({ start_time: from, end_time: to }: Lap): readonly [number, number] | null =>
  from && to ? [wallSeconds(from), wallSeconds(to)] : null;

interface LapsProps {
  readonly record: Activity;
  /** Gets the lap that the mouse or the keyboard has come to; null when it is left. */
  readonly onPoint: (lap: Lap | null) => void;
}

export function Laps({ record, onPoint }: LapsProps) {
  const laps = record.lap_data?.laps ?? [];
  if (laps.length === 0) return null;
  return (
    <Panel title="Laps" note="point at one to see it above" flush>
      <div style={{ overflow: "auto", maxHeight: 420 }}>
        <table className="data-table" aria-label="Laps">
          <thead>
            <tr>
              <th scope="col" className="number" style={{ width: "4rem" }}>
                Lap
              </th>
              <th scope="col">Begins</th>
              <th scope="col" className="number">
                Time
              </th>
              <th scope="col" className="number">
                Distance
              </th>
              <th scope="col" className="number">
                Speed
              </th>
              <th scope="col" className="number">
                Heart rate
              </th>
              <th scope="col">Ended by</th>
            </tr>
          </thead>
          <tbody>
            {laps.map((lap, index) => (
              <tr
                key={`${lap.start_time} ${lap.trigger_method} ${lap.end_time}`}
                className="clickable"
                onMouseEnter={() => onPoint(lap)}
                onMouseLeave={() => onPoint(null)}
              >
                <td className="number">
                  <button
                    type="button"
                    className="plain-button"
                    aria-label={`Show lap ${index + 1}`}
                    onFocus={() => onPoint(lap)}
                    onBlur={() => onPoint(null)}
                  >
                    {index + 1}
                  </button>
                </td>
                <td>{lap.start_time ? clock(wallSeconds(lap.start_time), true) : "–"}</td>
                <td className="number">{timeOf(lap)}</td>
                <td className="number">{withUnit(rounded(lap.distance_meters), "m")}</td>
                <td className="number">
                  {withUnit(rounded(kmPerHour(lap.avg_speed_meters_per_second), 1), "km/h")}
                </td>
                <td className="number">{withUnit(rounded(lap.avg_hr_bpm), "bpm")}</td>
                <td>{inWords(lap.trigger_method ?? "–")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function timeOf(lap: Lap): string {
  const range = rangeOf(lap);
  return range === null ? "–" : duration(Math.round(range[1] - range[0]));
}

const withUnit = (value: string | null, unit: string): string => (value === null ? "–" : `${value} ${unit}`);
