/** Polar's notifications (POLAR-API §4): signed over the raw body, and only ever a hint of what to fetch. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { current, rangeKey } from "../kit/discovery.ts";
import { header } from "../kit/failure.ts";
import { date } from "../kit/fields.ts";
import { isSignedBy } from "../kit/hmac.ts";
import type {
  NotificationMeaning,
  NotificationRecipient,
  NotificationRequest,
  Notifications,
  ResourceRef,
} from "../provider.ts";
import { activity } from "./resources/activity.ts";
import { continuousHeartRate } from "./resources/continuous-heart-rate.ts";
import { exercise } from "./resources/exercise/exercise.ts";
import { exerciseIdPattern } from "./resources/exercise/schema.ts";
import { nightlyRecharge } from "./resources/nightly-recharge.ts";
import { physicalInfo } from "./resources/physical-info.ts";
import { sleep } from "./resources/sleep.ts";
import { alertness } from "./resources/sleepwise-alertness.ts";
import { circadianBedtime } from "./resources/sleepwise-circadian-bedtime.ts";
import { user } from "./resources/user.ts";
import type { PolarSettings } from "./settings.ts";
import { activityInV4, heartRateInV4, nightInV4, personInV4 } from "./v4/announced.ts";

const signatureHeader = "polar-webhook-signature";
function verify(
  { headers, body }: NotificationRequest,
  { secrets }: Pick<NotificationRecipient<PolarSettings>, "secrets">,
): boolean {
  return isSignedBy({ message: body, signature: header(headers, signatureHeader), encoding: "hex" }, secrets);
}

const envelope = z.object({ event: z.string().min(1).max(100) });

// Accepts nothing but ids and dates, because they become part of a path.
const person = { user_id: z.union([z.int().positive(), z.string().regex(/^\d{1,20}$/)]).transform(String) };
const ofPerson = z.object(person);
const ofDate = z.object({ ...person, date });
const ofDays = z
  .object({ ...person, from: date, to: date })
  .refine(({ from, to }) => from <= to, { path: ["to"], message: "Expected a day not before from" });
const ofExercise = z.object({
  ...person,
  entity_id: z.union([z.string(), z.int()]).transform(String).pipe(z.string().regex(exerciseIdPattern)),
});

interface Meaning {
  readonly providerUserId: string;
  readonly fetches: readonly ResourceRef[];
}

function meaning<Body extends { user_id: string }>(
  schema: z.ZodType<Body>,
  fetches: (body: Body) => readonly ResourceRef[],
): (body: unknown) => Meaning {
  return (unchecked) => {
    const body = schema.parse(unchecked);
    return { providerUserId: body.user_id, fetches: fetches(body) };
  };
}

/**
 * Nightly Recharge has no notification of its own: it is fetched with the night it belongs to. So is what v4 has of the
 * same night or day; an exercise's day is known once the exercise is there.
 */
const meanings = {
  EXERCISE: meaning(ofExercise, ({ entity_id }) => [{ resource: exercise.name, key: entity_id }]),
  SLEEP: meaning(ofDate, (body) => [
    { resource: sleep.name, key: body.date },
    { resource: nightlyRecharge.name, key: body.date },
    ...nightInV4(body.date),
  ]),
  ACTIVITY_SUMMARY: meaning(ofDate, (body) => [
    { resource: activity.name, key: body.date },
    ...activityInV4(body.date),
  ]),
  CONTINUOUS_HEART_RATE: meaning(ofDate, (body) => [
    { resource: continuousHeartRate.name, key: body.date },
    ...heartRateInV4(body.date),
  ]),
  SLEEP_WISE_ALERTNESS: meaning(ofDays, ({ from, to }) => [
    { resource: alertness.name, key: rangeKey(from, to) },
  ]),
  SLEEP_WISE_CIRCADIAN_BEDTIME: meaning(ofDays, ({ from, to }) => [
    { resource: circadianBedtime.name, key: rangeKey(from, to) },
  ]),
  PHYSICAL_INFORMATION: meaning(ofPerson, () => [
    { resource: physicalInfo.name, key: current },
    { resource: user.name, key: current },
    ...personInV4(),
  ]),
} as const;

export const subscribedEvents = Object.keys(meanings) as readonly (keyof typeof meanings)[];

function isSubscribed(event: string): event is keyof typeof meanings {
  return Object.hasOwn(meanings, event);
}

function read(body: Buffer): readonly [NotificationMeaning] {
  try {
    const notification: unknown = JSON.parse(body.toString("utf8"));
    const { event } = envelope.parse(notification);
    if (event === "PING") return [{ kind: "ping" }];
    if (!isSubscribed(event)) return [{ kind: "unknown", event }];
    return [{ kind: "data", event, ...meanings[event](notification) }];
  } catch (cause) {
    const issues =
      cause instanceof z.ZodError ? cause.issues.map(({ path }) => path.join(".")) : ["not JSON"];
    throw new SystoleError("NOTIFICATION_BODY_INVALID", { provider: "polar", issues }, { cause });
  }
}

/** Real bodies are under 300 bytes. */
export const notifications = {
  maxBytes: 16 * 1024,
  verify,
  read,
} as const satisfies Notifications<PolarSettings>;
