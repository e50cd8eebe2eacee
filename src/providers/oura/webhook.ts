/**
 * Oura's notifications (Oura's OpenAPI, "Webhook Subscription Routes"): each names a document that was made, changed or
 * deleted, and is signed with the client's secret.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { rangeKey } from "../kit/discovery.ts";
import { header } from "../kit/failure.ts";
import { time } from "../kit/fields.ts";
import { isSignedBy } from "../kit/hmac.ts";
import { instantMs, parseTime, shiftDate } from "../kit/iso-time.ts";
import { isWithinWindow } from "../kit/signed-time.ts";
import type {
  HandshakeRequest,
  HookAnswer,
  NotificationMeaning,
  Notifications,
  Resource,
  ResourceRef,
} from "../provider.ts";
import { documentId, isDocumentId } from "./collection.ts";
import { dailyActivity } from "./resources/daily-activity.ts";
import {
  cardiovascularAge,
  dailyResilience,
  dailySpo2,
  dailyStress,
  sleepTime,
  vo2Max,
} from "./resources/day-measures.ts";
import { ring } from "./resources/person.ts";
import { dailyReadiness, dailySleep } from "./resources/scores.ts";
import { session } from "./resources/session.ts";
import { sleep } from "./resources/sleep.ts";
import { enhancedTag, restMode, tag } from "./resources/tags.ts";
import { battery, heartRate } from "./resources/time-series.ts";
import { workout } from "./resources/workout.ts";
import type { OuraSettings } from "./settings.ts";

/** The resources by Oura's names for them in notifications. `meal` has no route, so nothing could be fetched. */
export const dataTypes = {
  sleep,
  daily_sleep: dailySleep,
  daily_readiness: dailyReadiness,
  daily_activity: dailyActivity,
  daily_spo2: dailySpo2,
  daily_stress: dailyStress,
  daily_resilience: dailyResilience,
  daily_cardiovascular_age: cardiovascularAge,
  vo2_max: vo2Max,
  sleep_time: sleepTime,
  workout,
  session,
  enhanced_tag: enhancedTag,
  tag,
  rest_mode_period: restMode,
  ring_configuration: ring,
} as const satisfies Readonly<Record<string, Resource>>;

export const operations = ["create", "update", "delete"] as const;

/** The announcements with which new samples come: heart rate and battery have none of their own. */
const withSamples: ReadonlySet<Resource> = new Set<Resource>([sleep, dailyActivity, workout]);

const envelope = z.looseObject({
  event_type: z.string().min(1).max(100),
  data_type: z.string().min(1).max(100),
});
const message = z.object({
  object_id: documentId.refine(isDocumentId, "Expected an id"),
  user_id: z.string().min(1).max(100),
  event_time: time.nullish(),
});

/** Returns the samples of the day of the event and the days around it. */
function samplesAt(eventTime: string | null | undefined): ResourceRef[] {
  if (eventTime == null) return [];
  const day = new Date(instantMs(parseTime(eventTime))).toISOString().slice(0, 10);
  const key = rangeKey(shiftDate(day, -1), day);
  return [heartRate, battery].map(({ name: resource }) => ({ resource, key }));
}

function meaningOf(given: unknown): NotificationMeaning {
  const { event_type: operation, data_type: dataType } = envelope.parse(given);
  const event = `${operation} ${dataType}`;
  const isKnown = Object.hasOwn(dataTypes, dataType) && operations.some((one) => one === operation);
  if (!isKnown) return { kind: "unknown", event };
  const resource: Resource = dataTypes[dataType as keyof typeof dataTypes];
  const { object_id: id, user_id: providerUserId, event_time } = message.parse(given);
  if (operation === "delete") {
    const parts = [{ resource: resource.name, key: `/${id}`, suffix: true as const }];
    return { kind: "deleted", event, providerUserId, parts };
  }
  const beside = withSamples.has(resource) ? samplesAt(event_time) : [];
  return { kind: "data", event, providerUserId, fetches: [{ resource: resource.name, key: id }, ...beside] };
}

/**
 * Whether the time that a notification was signed with is of the last ten minutes. Oura's example has seconds, and no
 * text names the unit: what is too long for seconds is taken for milliseconds, since a wrong guess would refuse all.
 */
const isFresh = (timestamp: string): boolean =>
  isWithinWindow(timestamp, {
    unit: timestamp.length > 11 ? "milliseconds" : "seconds",
    withinMs: 10 * 60_000,
  });

/**
 * Returns the text by which Oura proves that a test of our address is about our subscription. It follows from the
 * client's secret, so that every process knows it.
 */
export const verificationToken = ({ client_id, client_secret }: OuraSettings): string =>
  createHmac("sha256", client_secret).update(`systole webhook ${client_id}`).digest("hex");

function handshake(
  { method, query }: HandshakeRequest,
  { settings }: { readonly settings: OuraSettings },
): HookAnswer | null {
  const [challenge, token] = [query.get("challenge"), query.get("verification_token")];
  if (method !== "GET" || challenge === null) return null;
  const [given, expected] = [Buffer.from(token ?? ""), Buffer.from(verificationToken(settings))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { status: 401 };
  return { status: 200, contentType: "application/json", body: JSON.stringify({ challenge }) };
}

export const notifications: Notifications<OuraSettings> = {
  /** Real ones are under 300 bytes. */
  maxBytes: 16 * 1024,
  // Oura's example signs the parsed body written anew; what arrives is signed as it was sent.
  verify({ headers, body }, { settings: { client_secret } }) {
    const timestamp = header(headers, "x-oura-timestamp") ?? "";
    const signature = header(headers, "x-oura-signature");
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    const isSigned = isSignedBy({ message: signed, signature, encoding: "hex" }, [client_secret]);
    return isSigned && isFresh(timestamp);
  },
  read(body) {
    try {
      return [meaningOf(JSON.parse(body.toString("utf8")))];
    } catch (cause) {
      throw new SystoleError("NOTIFICATION_BODY_INVALID", { provider: "oura" }, { cause });
    }
  },
  handshake,
};
