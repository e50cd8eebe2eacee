import { z } from "zod";

/**
 * The switches of the Dynamic API: one for each behaviour of Polar's that is not known yet, or of which the sources say
 * different things. The first value of each is what the sandbox does unless told otherwise.
 */
const shape = {
  expires_in: z
    .int()
    .min(1)
    .max(86_400)
    .default(3599)
    .describe("Seconds that an access token lives. 3599 was seen, 43199 is documented."),
  expires_in_reply: z
    .enum(["true", "absent", "text", "zero", "negative", "huge"])
    .default("true")
    .describe("What the token reply says of `expires_in`, however long the token lives."),
  scope_in_reply: z
    .enum(["granted", "absent"])
    .default("granted")
    .describe("Whether the token reply says which scopes were granted."),
  x_user_id: z
    .enum(["same", "other", "absent"])
    .default("same")
    .describe("`x_user_id` of the token reply: the id of v3 and its webhooks, another one, or absent."),
  refresh_rotation: z
    .enum(["always", "sometimes", "never", "repeated"])
    .default("always")
    .describe(
      "Whether a refresh gives a new refresh token. `sometimes`: every second time. `never`: the reply has none. `repeated`: the reply repeats the old one.",
    ),
  old_refresh_token: z
    .enum(["refused", "works", "ends-grant"])
    .default("refused")
    .describe("What happens when a refresh token is used again after its rotation."),
  v3_accepts_v4_token: z
    .enum(["after-registration", "always", "never"])
    .default("after-registration")
    .describe(
      "Whether v3's paths take a token of v4: once the person is registered, at once, or never (401).",
    ),
  v3_registers_v4_token: z
    .boolean()
    .default(true)
    .describe("Whether `POST /v3/users` takes a token of v4. False: 401, also where data would be allowed."),
  v3_delete_ends_v4_grant: z
    .boolean()
    .default(false)
    .describe("Whether `DELETE /v3/users/{id}` also ends the consent at v4."),
  v3_webhooks_for_v4_consent: z
    .boolean()
    .default(true)
    .describe("Whether v3's webhooks fire for a person who was registered with a token of v4."),
  wrapper: z
    .enum(["live", "swagger", "unknown", "object"])
    .default("live")
    .describe(
      "The outside of a list: as seen live, with the outer object of the Swagger, one that nobody knows, or an object where the list belongs (both to be refused).",
    ),
  sports_list: z
    .enum(["array", "object"])
    .default("array")
    .describe("`/sports/list`: a bare array, or `{sports}`."),
  sports_id: z
    .enum(["object", "identifier", "number", "string"])
    .default("object")
    .describe(
      'How the catalogue writes an id: `id: {id: 1}`, `identifier: {id: "1"}`, `id: 1` or `id: "1"`.',
    ),
  sports_empty: z
    .boolean()
    .default(false)
    .describe("Whether the catalogue is empty, as it is for some accounts."),
  empty: z
    .enum(["empty-list", "empty-object", "no-content", "not-found"])
    .default("empty-list")
    .describe("The answer where nothing is: the known key with `[]`, `{}`, 204, or 404."),
  lap_split_time: z
    .enum(["end", "start"])
    .default("end")
    .describe(
      "What `splitTimeMillis` of a lap is: its end or its start, counted from the start of the exercise.",
    ),
  training_load_report: z
    .enum(["session", "exercise"])
    .default("session")
    .describe("Where `trainingLoadReport` is."),
  sample_gaps: z
    .enum(["none", "null", "nan"])
    .default("none")
    .describe('What a series has where a value is missing: no value is ever missing, `null`, or `"NaN"`.'),
  exercise_stop: z
    .enum(["earlier", "same"])
    .default("earlier")
    .describe("Whether an exercise stops five seconds before its session, as was seen, or together with it."),
  rr_offline: z
    .enum(["absent", "present"])
    .default("absent")
    .describe("`offline` of `rrSamples`: absent as seen, or present as the Swagger requires."),
  history: z
    .enum(["all", "90-days"])
    .default("all")
    .describe("How far back data reach: all, or 90 days before the person's first consent."),
  rate_headers: z
    .enum(["pair", "single", "none"])
    .default("pair")
    .describe("The RateLimit headers: both windows as in v3 (`3,40`), the short one only, or none."),
  retry_after: z.boolean().default(false).describe("Whether a 429 has `Retry-After`."),
  refusal_body: z
    .enum(["errorMessage", "error"])
    .default("errorMessage")
    .describe("The key of the text in a refusal."),
  broken_days: z
    .array(z.iso.date())
    .default([])
    .describe("Days whose Nightly Recharge with samples answers 500."),
  ppi_spill: z
    .boolean()
    .default(false)
    .describe("Whether the answer for a day of PPI also contains the day after it."),
  ppi_hours: z
    .enum(["hour", "night", "day"])
    .default("hour")
    .describe(
      "How much PPI a generated day has: an hour of the night, the night, or all hours (about 7 MB).",
    ),
  recharge_zeros: z
    .boolean()
    .default(true)
    .describe("Whether the means that were 0 in real nights (breathing, baselines) are 0."),
  devices: z
    .enum(["one", "two"])
    .default("one")
    .describe("Whether a second device counted steps too, fewer than the first."),
} as const;

export const Switches = z.strictObject(shape);
export type Switches = z.output<typeof Switches>;

const Changes = Switches.partial();

/** Returns the switches with some of them changed; a value that is not given stays. */
export function changed(now: Switches, changes: unknown): Switches {
  const given = Object.keys(typeof changes === "object" && changes !== null ? changes : {});
  const checked = Changes.parse(changes);
  const kept = Object.entries(checked).filter(([name]) => given.includes(name));
  return { ...now, ...Object.fromEntries(kept) };
}

export const usualSwitches = (): Switches => Switches.parse({});

export interface SwitchDocs {
  readonly name: string;
  readonly values: string;
  readonly usual: unknown;
  readonly about: string;
}

/** Returns what each switch is, for the control side and the README. */
export function switchDocs(): SwitchDocs[] {
  const usual = usualSwitches();
  const { properties = {} } = z.toJSONSchema(Switches) as { properties?: Record<string, JsonSchema> };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    values: valuesOf(schema),
    usual: usual[name as keyof Switches],
    about: schema.description ?? "",
  }));
}

interface JsonSchema {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly type?: string;
}

function valuesOf({ enum: values, type }: JsonSchema): string {
  if (values) return values.join(", ");
  if (type === "boolean") return "true, false";
  return type === "array" ? "a list of dates" : "a number";
}
