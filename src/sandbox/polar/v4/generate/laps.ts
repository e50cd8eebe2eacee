import { SECOND } from "../../generate/local-time.ts";
import type { Session } from "../../generate/plan.ts";
import type { Json } from "../data.ts";
import type { Switches } from "../switches.ts";
import { type Series, statisticsOf } from "./series.ts";

const AUTO_LAP_METRES = 1_000;
/** In intervals the person presses the button at the end of each: three hard minutes, then two easy ones. */
const INTERVALS = { first: 720, hard: 180, easy: 120 };

/** Returns the laps: one a kilometre by itself, and by the button in interval training. */
export function lapsOf(session: Session, series: readonly Series[], { lap_split_time }: Switches): Json {
  const distance = series.find(({ type }) => type === "DISTANCE")?.values ?? [];
  const seconds = series[0]?.values.length ?? 0;
  const write = (ends: readonly number[]) =>
    ends.map((end, index) => {
      const start = ends[index - 1] ?? 0;
      return {
        splitTimeMillis: (lap_split_time === "end" ? end : start) * SECOND,
        durationMillis: (end - start) * SECOND,
        ...(distance.length > 0 && { distanceMeters: covered(distance, start, end) }),
        statistics: { statistics: statisticsOf(series, start, end) },
      };
    });
  return { laps: write(pressed(session, seconds)), autoLaps: write(kilometres(distance)) };
}

const covered = (distance: readonly number[], start: number, end: number): number =>
  Number(((distance[end - 1] ?? 0) - (start === 0 ? 0 : (distance[start - 1] ?? 0))).toFixed(1));

/** Returns the second after each full kilometre, and the end of what is left. */
function kilometres(distance: readonly number[]): number[] {
  const ends = distance.flatMap((metres, second) => {
    const before = distance[second - 1] ?? 0;
    return Math.floor(metres / AUTO_LAP_METRES) > Math.floor(before / AUTO_LAP_METRES) ? [second + 1] : [];
  });
  const isOver = distance.length === 0 || ends.at(-1) === distance.length;
  return isOver ? ends : [...ends, distance.length];
}

function pressed({ kind }: Session, seconds: number): number[] {
  if (kind !== "interval run") return [];
  const ends: number[] = [];
  for (let end = INTERVALS.first, isHard = true; end < seconds - 480; isHard = !isHard) {
    ends.push(end);
    end += isHard ? INTERVALS.hard : INTERVALS.easy;
  }
  return [...ends, seconds];
}
