/** When a recording stood still. Only what a file says: a gap between records may be a sensor's as well. */
import type { FitFile, TcxFile, TcxLap } from "../schema/files.ts";
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
  return lapsOf(file).flatMap((lap) => {
    const spans = spansOf(lap);
    return spans.slice(1).flatMap(({ firstMs }, index) => {
      const lastMs = spans[index]?.lastMs ?? firstMs;
      return lastMs < firstMs ? [{ start_time: utc(lastMs), end_time: utc(firstMs) }] : [];
    });
  });
}

const utc = (ms: number) => new Date(ms).toISOString();

/** The instants of the first and the last point of each track that has any. */
export function spansOf({ track }: TcxLap): { readonly firstMs: number; readonly lastMs: number }[] {
  return track.flatMap((span) => {
    if (span === null) return [];
    return { firstMs: instantMs(parseTime(span.first)), lastMs: instantMs(parseTime(span.last)) };
  });
}

export function lapsOf({ training_center_database: { activities } }: TcxFile) {
  return (activities?.activity ?? []).flatMap(({ lap }) => lap);
}
