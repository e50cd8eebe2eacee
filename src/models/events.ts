import { z } from "zod";
import { activitySchema } from "./activity.ts";
import { athleteSchema } from "./athlete.ts";
import { bodySchema } from "./body.ts";
import { dailySchema } from "./daily.ts";
import { menstruationSchema } from "./menstruation.ts";
import { nutritionSchema } from "./nutrition.ts";
import { section, text } from "./section.ts";
import { sleepSchema } from "./sleep.ts";
import { timestampSchema } from "./timestamp.ts";
import { terraUserSchema } from "./user.ts";

/** Version of the payload format; data events carry it and storage destinations put it into paths. */
export const payloadVersion = "2022-03-16";
const version = z.literal(payloadVersion);
const user = terraUserSchema;

function event<Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return section({ type: z.literal(type), ...shape });
}

function dataEvent<Type extends string, Model extends z.ZodType>(type: Type, model: Model) {
  return event(type, { status: text, version, user, data: z.array(model) });
}

/** A person connected. */
export const authEventSchema = event("auth", {
  status: z.literal("success"),
  user,
  message: text,
  /** As in `user`: the types of Terra's clients require it here. */
  reference_id: text,
  flow_id: text,
  widget_session_id: text,
});
/** A person refused, or connecting failed. There is no user yet. */
export const authCancelledEventSchema = event("auth_cancelled", {
  status: z.literal("error"),
  flow_id: text,
  /** `access_denied` is the only documented word. */
  reason: text,
  reference_id: text,
});
/** The connection was ended here, not at the provider. */
export const deauthEventSchema = event("deauth", { status: z.literal("success"), user, message: z.string() });
/** A person connected again: `new_user` replaces `old_user`, which no longer exists. An `auth` is sent as well. */
export const userReauthEventSchema = event("user_reauth", {
  status: z.literal("warning"),
  new_user: user,
  old_user: user.nullish(),
  message: z.string(),
  version: version.optional(),
});
/** The person ended the connection at the provider. */
export const accessRevokedEventSchema = event("access_revoked", {
  status: z.literal("warning"),
  user,
  message: z.string(),
});
/** The person changed what the provider may share. */
export const permissionChangeEventSchema = event("permission_change", {
  status: z.literal("warning"),
  user,
  message: z.string(),
  version,
  /** Separated by commas; may be empty. */
  scopes_added: z.string(),
  /** Separated by commas; may be empty. */
  scopes_removed: z.string(),
});
/** The provider refuses requests for this connection (401, 403, 412). */
export const connectionErrorEventSchema = event("connection_error", {
  status: z.literal("warning"),
  user,
  message: z.string(),
  /** `forbidden`, `key_ended`, `key_refused`, `renewal_refused` or `part_ended`. Terra has no such field. */
  reason: z.string().optional(),
});
/** The key that the person pasted ends within a week. Terra has no such event: nobody pastes keys there. */
export const keyEndsSoonEventSchema = event("key_ends_soon", {
  status: z.literal("warning"),
  user,
  message: z.string(),
  ends_at: timestampSchema,
});
/** Data over a long range was asked for and is being fetched. */
export const largeRequestProcessingEventSchema = event("large_request_processing", {
  status: z.literal("processing"),
  message: z.string(),
  user,
  reference: z.string(),
});
/** Data over a long range follows in `expected_payloads` events. */
export const largeRequestSendingEventSchema = event("large_request_sending", {
  status: text,
  user,
  reference: z.string(),
  message: z.string(),
  expected_payloads: z.int(),
});
/** A link to the event's body, which is too large to be sent. */
export const s3PayloadEventSchema = event("s3_payload", {
  status: z.literal("success"),
  url: z.string(),
  /** Seconds. */
  expires_in: z.int(),
});

export const activityEventSchema = dataEvent("activity", activitySchema);
export const dailyEventSchema = dataEvent("daily", dailySchema);
export const sleepEventSchema = dataEvent("sleep", sleepSchema);
export const bodyEventSchema = dataEvent("body", bodySchema);
export const nutritionEventSchema = dataEvent("nutrition", nutritionSchema);
export const menstruationEventSchema = dataEvent("menstruation", menstruationSchema);
export const athleteEventSchema = event("athlete", { status: text, version, user, athlete: athleteSchema });

// Terra's SDK and guides have four more events, which its OpenAPI leaves out.
/** Sent from time to time, so that a receiver knows that its endpoint works. */
export const healthcheckEventSchema = event("healthcheck", {
  status: text,
  creation_timestamp: timestampSchema,
  trend_percentage: z.number(),
  sent_webhooks_last_hour: z.number(),
});
/** Google Fit has no source for this person. */
export const googleNoDatasourceEventSchema = event("google_no_datasource", {
  status: z.literal("warning"),
  user,
  message: z.string(),
});
/** The provider's rate limit was met; the request will be tried again at `retrying_at`. */
export const rateLimitHitEventSchema = event("rate_limit_hit", {
  user,
  start_date: z.string(),
  end_date: z.string(),
  retrying_at: z.string(),
  message: z.string(),
});
/** Answer to a request whose data is not there yet; never sent to a destination. */
export const processingEventSchema = event("processing", {
  status: z.literal("success"),
  message: z.string(),
  user,
  retry_after_seconds: z.number(),
});

export const dataEventSchema = z.discriminatedUnion("type", [
  activityEventSchema,
  dailyEventSchema,
  sleepEventSchema,
  bodyEventSchema,
  nutritionEventSchema,
  menstruationEventSchema,
]);

export const terraEventSchema = z.discriminatedUnion("type", [
  authEventSchema,
  authCancelledEventSchema,
  deauthEventSchema,
  userReauthEventSchema,
  accessRevokedEventSchema,
  permissionChangeEventSchema,
  connectionErrorEventSchema,
  largeRequestProcessingEventSchema,
  largeRequestSendingEventSchema,
  s3PayloadEventSchema,
  ...dataEventSchema.options,
  athleteEventSchema,
  healthcheckEventSchema,
  googleNoDatasourceEventSchema,
  rateLimitHitEventSchema,
  processingEventSchema,
  keyEndsSoonEventSchema,
]);

export type DataEvent = z.infer<typeof dataEventSchema>;
export type TerraEvent = z.infer<typeof terraEventSchema>;
export type EventType = TerraEvent["type"];
/** `EventOf<"sleep">` is the event whose type is "sleep". */
export type EventOf<Type extends EventType> = Extract<TerraEvent, { type: Type }>;

export const eventTypes: readonly EventType[] = terraEventSchema.options.map(({ shape }) => shape.type.value);

const dataEventTypes: ReadonlySet<EventType> = new Set(
  dataEventSchema.options.map(({ shape }) => shape.type.value),
);

/** Tells whether the event carries records in `data`. An athlete event carries `athlete` instead and is not one. */
export function isDataEvent(terraEvent: TerraEvent): terraEvent is DataEvent {
  return dataEventTypes.has(terraEvent.type);
}

/** Answer to a data request whose records go to the destinations instead of the body. */
export const dataSentToWebhookSchema = section({
  status: z.literal("success").optional(),
  /** The data type asked for. */
  type: z.string().optional(),
  /** Repeated as `terra-reference` on the events that follow. */
  reference: z.string().optional(),
  /** Equal to `reference`. */
  trace_id: z.string().optional(),
  user: terraUserSchema.optional(),
  /** Only for large requests. */
  message: z.string().optional(),
});
export type DataSentToWebhook = z.infer<typeof dataSentToWebhookSchema>;
