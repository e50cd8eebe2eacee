/**
 * What v4 has of something that v3's notifications announce: the resources of the same night, day or session. They are
 * named by their date, with all features.
 */
import { current } from "../../kit/discovery.ts";
import type { ResourceRef } from "../../provider.ts";
import { v4Resources } from "./resources.ts";

const ofNight = ["v4-sleep", "v4-nightly-recharge", "v4-sleep-wake"];
const ofActivity = ["v4-activity"];
const ofHeartRate = ["v4-continuous-samples", "v4-ppi-samples"];
const ofSession = ["v4-training-session"];
const ofPerson = ["v4-account"];

const refs = (names: readonly string[], key: string): readonly ResourceRef[] =>
  v4Resources.filter(({ name }) => names.includes(name)).map(({ name }) => ({ resource: name, key }));

export const nightInV4 = (date: string): readonly ResourceRef[] => refs(ofNight, date);
export const activityInV4 = (date: string): readonly ResourceRef[] => refs(ofActivity, date);
export const heartRateInV4 = (date: string): readonly ResourceRef[] => refs(ofHeartRate, date);
export const personInV4 = (): readonly ResourceRef[] => refs(ofPerson, current);

/** The starts of one workout in the two APIs may differ by so much. */
const apartMs = 120_000;

/** Returns the day of a workout's session, by its local start; two days around midnight. */
export function sessionInV4(startTime: string): readonly ResourceRef[] {
  const start = Date.parse(`${startTime.slice(0, 19)}Z`);
  if (Number.isNaN(start)) return [];
  const days = [start - apartMs, start + apartMs].map((time) => new Date(time).toISOString().slice(0, 10));
  return [...new Set(days)].flatMap((day) => refs(ofSession, day));
}
