/** When a recording stood still. Only what a file says: a gap between records may be a sensor's as well. */
import type { FitFile, TcxFile } from "../schema/files.ts";
import { instantMs, parseTime } from "../time.ts";

/** Both in UTC. */
export interface Pause {
  readonly start_time: string;
  readonly end_time: string;
}

/** From a timer event that stops to the next that starts; a stop that nothing follows is the end. */
export function fitPauses({ event = [] }: FitFile): Pause[] {
  const pauses: Pause[] = [];
  let stopped: string | null = null;
  for (const { event: name, event_type, timestamp } of event) {
    if (name !== "timer" || !timestamp) continue;
    if (event_type?.startsWith("stop")) stopped ??= timestamp;
    if (event_type !== "start" || stopped === null) continue;
    if (stopped < timestamp) pauses.push({ start_time: stopped, end_time: timestamp });
    stopped = null;
  }
  return pauses;
}

/** "Pauses are several <Track> in one Lap" (POLAR-API §2): from one track's last point to the next one's first. */
export function tcxPauses(file: TcxFile): Pause[] {
  return lapsOf(file).flatMap(({ track }) => {
    const spans = track.flatMap(({ trackpoint }) => spanOf(trackpoint) ?? []);
    return spans.slice(1).flatMap(({ first }, index) => {
      const last = spans[index]?.last ?? first;
      return last < first ? [{ start_time: utc(last), end_time: utc(first) }] : [];
    });
  });
}

const utc = (ms: number) => new Date(ms).toISOString();

/** Epoch milliseconds of the first and the last point; null without any. */
export function spanOf(points: readonly { readonly time: string }[]): { first: number; last: number } | null {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  return { first: instantMs(parseTime(first.time)), last: instantMs(parseTime(last.time)) };
}

export function lapsOf({ training_center_database: { activities } }: TcxFile) {
  return (activities?.activity ?? []).flatMap(({ lap }) => lap);
}
