/** Activity → a FIT activity file. Laps are where they end; the session's summary is at the end. */
import type { RecordToExport } from "../contract.ts";
import { recordMessages, recordSeries, vitalMessages } from "./activity-series.ts";
import { SampleClock } from "./clock.ts";
import { deviceInfo, FileType, fileId } from "./device.ts";
import type { FitFile } from "./fit-file.ts";
import { lapMessages } from "./laps.ts";
import type { Omissions } from "./omissions.ts";
import { edgesOf, inOrder } from "./series.ts";
import { activityMessage, sessionMessage, timerSeconds } from "./session.ts";
import { spanOf } from "./span.ts";
import { fitSport } from "./sports.ts";
import { pausedSeconds, pausesOf, timerEvents } from "./timer.ts";
import { singleMessage, vo2max } from "./wellness.ts";
import { zoneMessages } from "./zones.ts";

/** The series whose samples have the workout's timer. */
const timedPaths = recordSeries.map(({ path }) => path);

/** Returns the file; none for a workout without any time. */
export function activityFiles(record: RecordToExport<"activity">, omissions: Omissions): readonly FitFile[] {
  const { data } = record;
  const span = spanOf(data.metadata, omissions);
  if (span === null) return [];
  const clock = new SampleClock();
  const records = recordMessages(data, { clock, omissions });
  const vitals = [
    ...vitalMessages(data, { clock, omissions }),
    ...singleMessage(data, vo2max, "update_time", span.startMs, omissions),
  ];
  const activeSeconds = data.active_durations_data?.activity_seconds ?? null;
  const pauses = pausesOf(data, timedPaths, span, { activeSeconds, clock });
  const sport = fitSport(data.metadata.type);
  const paused = pausedSeconds(pauses, span.startMs, span.endMs);
  const seconds = timerSeconds(data, span, paused, omissions);
  const measured = edgesOf(span, records, vitals);
  const context = { span, lastSecond: measured.last, sport, pauses, timerSeconds: seconds, clock, omissions };
  const { laps, lastLap, lengths } = lapMessages(data, context);
  const { first, last } = edgesOf(span, records, vitals, lengths, laps, [lastLap]);
  const { zones, times, secondsInZones } = zoneMessages(data.heart_rate_data?.summary, omissions, {
    second: last,
    ofSession: true,
  });
  const facts = {
    span,
    lastSecond: last,
    sport,
    timerSeconds: seconds,
    laps: laps.length + 1,
    secondsInZones,
  };
  const { starts, stops } = timerEvents(first, last, pauses);
  return [
    {
      kind: "activity",
      messages: [
        fileId(FileType.Activity, record, span),
        ...deviceInfo(data.device_data, first, omissions),
        ...zones,
        ...inOrder(starts, lengths, laps, records, vitals, stops, [lastLap]),
        ...times,
        sessionMessage(data, facts, omissions),
        activityMessage(facts),
      ],
    },
  ];
}
