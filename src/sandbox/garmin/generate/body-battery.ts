/** Body battery through a day: charged by the night, drained by the day. */
import { clamp, Random } from "../../kit/random.ts";
import { bounds, type Day, deviceId, endOfDay, isoText, minute, utcOf } from "./plan.ts";

export function bodyBatteryOf(day: Day) {
  const random = new Random(...day.key, "battery");
  const lowest = random.int(8, 30);
  const charged = random.int(45, 65);
  const drained = random.int(40, 60);
  const highest = clamp(lowest + charged, 0, 100);
  return { lowest, charged, drained, highest, latest: clamp(highest - drained, 5, 100) };
}

function levelAt(day: Day, at: number): number {
  const { lowest, highest, latest } = bodyBatteryOf(day);
  const slept = clamp((at - day.midnight) / (day.wakeUp - day.midnight), 0, 1);
  if (at < day.wakeUp) return Math.round(lowest + slept * (highest - lowest));
  const awake = clamp((at - day.wakeUp) / (16 * 60 * minute), 0, 1);
  return Math.round(highest - awake * (highest - latest));
}

/** A row each quarter of an hour; the last one may be without a level. */
export function bodyBatteryBody(day: Day): object {
  const { charged, drained } = bodyBatteryOf(day);
  const rows: (number | null)[][] = [];
  for (let at = day.midnight; at < endOfDay(day); at += 15 * minute)
    rows.push([utcOf(day, at), levelAt(day, at)]);
  const last = rows.at(-1);
  if (last !== undefined && rows.length % 4 === 0) last[1] = null;
  return {
    date: day.date,
    charged,
    drained,
    ...bounds(day, day.midnight, endOfDay(day)),
    bodyBatteryValuesArray: rows,
    bodyBatteryValueDescriptorDTOList: [
      { bodyBatteryValueDescriptorIndex: 0, bodyBatteryValueDescriptorKey: "timestamp" },
      { bodyBatteryValueDescriptorIndex: 1, bodyBatteryValueDescriptorKey: "bodyBatteryLevel" },
    ],
    bodyBatteryDynamicFeedbackEvent: feedback(day, endOfDay(day)),
    bodyBatteryActivityEvent: [batteryEvent(day)],
    endOfDayBodyBatteryDynamicFeedbackEvent: feedback(day, day.midnight),
  };
}

export const feedback = (day: Day, at: number): object => ({
  eventTimestampGmt: isoText(utcOf(day, at)),
  bodyBatteryLevel: "MODERATE",
  feedbackShortType: "DAY_RECOVERING_AND_INACTIVE",
  feedbackLongType: "DAY_RECOVERING_AND_INACTIVE",
});

/** The night, which charges: the fields that it has in the list of events and in the summary's second version. */
export const nightEvent = (day: Day) => ({
  eventType: "SLEEP",
  eventStartTimeGmt: isoText(utcOf(day, day.bedtime)),
  bodyBatteryImpact: 55,
  feedbackType: "NONE",
  shortFeedback: "NONE",
  deviceId,
  activityName: null,
  activityType: null,
  activityId: null,
});

export const batteryEvent = (day: Day): object => ({
  ...nightEvent(day),
  timezoneOffset: day.offsetMinutes * minute,
  durationInMilliseconds: day.wakeUp - day.bedtime,
  eventUpdateTimeGmt: isoText(utcOf(day, day.wakeUp)),
});
