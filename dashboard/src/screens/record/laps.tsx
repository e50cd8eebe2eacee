import type { components } from "../../api/schema.gen.ts";
import { clock, wallSeconds } from "../../charts/wall-clock.ts";
import { duration } from "../../ui/amounts.ts";
import { rounded } from "../../ui/figures.tsx";
import { Panel } from "../../ui/page.tsx";
import { inWords } from "../../ui/words.ts";
import { kmPerHour } from "./units.ts";

export function Laps({ record }: { readonly record: components["schemas"]["Activity"] }) {
  const laps = record.lap_data?.laps ?? [];
  if (laps.length === 0) return null;
  return (
    <Panel title="Laps" flush>
      <div
        style={{ overflowX: "auto", maxHeight: 420 }}
        tabIndex={0}
        role="group"
        aria-label="Laps, scrolled"
      >
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
              <tr key={`${lap.start_time} ${lap.trigger_method} ${lap.end_time}`}>
                <td className="number">{index + 1}</td>
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

interface Timed {
  readonly start_time?: string | null;
  readonly end_time?: string | null;
}

const timeOf = ({ start_time: from, end_time: to }: Timed): string =>
  from && to ? duration(Math.round(wallSeconds(to) - wallSeconds(from))) : "–";

const withUnit = (value: string | null, unit: string): string => (value === null ? "–" : `${value} ${unit}`);
