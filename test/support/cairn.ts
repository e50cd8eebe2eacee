/**
 * Cairn: an invented provider of days with steps, for tests of single files. Its server does as each test
 * says; a test that needs more changes the declaration (`cairnWith`).
 */
import { z } from "zod";
import { SystoleError } from "../../src/errors.ts";
import { complete } from "../../src/models/index.ts";
import { bearer, call, jsonOf } from "../../src/providers/kit/call.ts";
import { type FailureRules, outOfReach } from "../../src/providers/kit/failure.ts";
import {
  type ClientSubscription,
  defineProvider,
  type Grant,
  type NotificationMeaning,
  type Notifications,
  type OAuthConsent,
  type Part,
  PartlyReadableError,
  type Provider,
  type ProviderAccess,
  ProviderError,
  type Resource,
  type UploadContent,
  type UploadFormat,
} from "../../src/providers/provider.ts";

const settings = z.object({ api_url: z.string(), client_id: z.string().default("client") });
type Settings = z.output<typeof settings>;

export const daySchema = z.object({ day: z.iso.date(), steps: z.int().nullish(), files: z.int().nullish() });
export type Day = z.output<typeof daySchema>;
const list = z.object({ days: z.array(z.unknown()), next: z.string().nullish() });

const invalid = (resource: string, key: string): ProviderError =>
  new ProviderError("PROVIDER_BODY_INVALID", "later", { resource, key });

function decode(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw invalid("day", "");
  }
}

/** `{"days": [{"day", "steps"}], "next": "cursor"}`; an unreadable day does not stop the others. */
function partsOfDays(key: string, body: unknown): Part<Day>[] {
  const read = list.safeParse(body);
  if (!read.success) throw invalid("day", key);
  const days = read.data.days.map((day) => daySchema.safeParse(day));
  const parts = days.flatMap(({ data }) =>
    data === undefined ? [] : [{ resource: "day", key: data.day, value: data }],
  );
  if (parts.length < days.length) throw new PartlyReadableError(invalid("day", key), parts);
  return parts;
}

/** Requested at `/day/{key}`, where the key is a day, a range `from..to` or `*`. */
export const dayResource: Resource<Day> = {
  name: "day",
  api: "cairn-v1",
  ledger: {},
  discovery: {
    announced: true,
    reachDays: 28,
    daysPerCall: 7,
    key: (from, to) => `${from}..${to}`,
    index: null,
  },
  request: (key) => ({ method: "GET", path: `/day/${key}` }),
  decode,
  parts: partsOfDays,
  nextPage(request, { body }) {
    const next = list.safeParse(JSON.parse(body.toString("utf8") || "{}")).data?.next;
    return next == null ? null : { ...request, path: `${request.path.split("?")[0]}?after=${next}` };
  },
  timeOf: ({ key }) => key,
};

/** One thing whose body is one part: `{"text"}` at `/{name}/{key}`. */
export const single = (name: string, given: Partial<Resource> = {}): Resource => ({
  name,
  api: "cairn-v1",
  ledger: {},
  discovery: null,
  request: (key) => ({ method: "GET", path: `/${name}/${key}` }),
  decode,
  parts(key, body) {
    const { data } = z.object({ text: z.string() }).safeParse(body);
    if (data === undefined) throw invalid(name, key);
    return [{ resource: name, key, value: data }];
  },
  ...given,
});

/** A day's steps, with the text of its note as the name of the device. It fails for −1 steps. */
function normalize(parts: readonly Part[]): unknown {
  const day = parts.find(({ resource }) => resource === "day") as Part<Day> | undefined;
  const note = parts.find(({ resource }) => resource === "note") as Part<{ text: string }> | undefined;
  if (day === undefined) return null;
  if (day.value.steps === -1) throw new TypeError("a mistake of ours");
  return complete("daily", {
    metadata: {
      start_time: `${day.key}T00:00:00.000000Z`,
      end_time: `${day.key}T23:59:59.000000Z`,
      upload_type: 1,
    },
    distance_data: { steps: day.value.steps ?? null },
    device_data: { name: note?.value.text ?? null },
  });
}

const tokenSchema = z.object({
  token: z.string(),
  refresh: z.string().nullish(),
  seconds: z.number().nullish(),
  person: z.string().default("7"),
});

async function grantFrom(
  { settings: { api_url }, http }: ProviderAccess<Settings>,
  path: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Grant> {
  const asked = { method: "POST", url: api_url + path, authorization: "client", form, signal } as const;
  const refused = { code: "PROVIDER_UNAUTHORIZED", retry: "never" } as const;
  const rules = { verdict: ({ status }: { status: number }) => (status === 400 ? refused : null) };
  const answer = await call(http, { ...asked, credentials: "client" }, rules);
  const { token, refresh, seconds, person } = jsonOf(answer, tokenSchema, path);
  return {
    consent: "cairn",
    accessToken: token,
    expiresAt: seconds == null ? null : new Date(Date.now() + seconds * 1_000),
    renewal: refresh == null ? null : { kind: "refresh-token", token: refresh },
    providerUserId: person,
    scopes: ["days"],
  };
}

const consent: OAuthConsent<Settings> = {
  name: "cairn",
  apis: ["cairn-v1"],
  scopes: [{ name: "days", label: "Your days", isRequired: true }],
  begin: ({ settings: { api_url } }, { state }) => ({
    url: `${api_url}/authorize?${state}`,
    codeVerifier: null,
  }),
  exchange: (access, { code, signal }) => grantFrom(access, "/token", { code }, signal),
  refresh: (access, { renewal }, signal) =>
    grantFrom(access, "/refresh", { token: renewal?.kind === "refresh-token" ? renewal.token : "" }, signal),
  async revoke({ settings: { api_url }, http }, { accessToken }, signal) {
    const asked = {
      method: "POST",
      url: `${api_url}/revoke`,
      authorization: bearer(accessToken),
      signal,
    } as const;
    await call(http, { ...asked, credentials: "person" });
  },
};

const held = z.object({
  remoteId: z.string(),
  secret: z.string().nullable(),
  action: z.enum(["created", "updated", "reactivated", "unchanged"]),
});

const subscription: ClientSubscription<Settings> = {
  kind: "client",
  async ensure({ settings: { api_url }, http }, { url: where, known, expectPing, signal }) {
    await expectPing();
    const asked = { method: "PUT", url: `${api_url}/webhook`, authorization: "client", signal } as const;
    const answer = await call(http, { ...asked, credentials: "client", json: { where, known } });
    return jsonOf(answer, held, "/webhook");
  },
};

/** A body is the JSON of its meaning. A request with a secret of the subscription is genuine. */
const notifications: Notifications<Settings> = {
  maxBytes: 1_024,
  verify: ({ headers }, { secrets }) => secrets.includes(String(headers.secret)),
  read(body) {
    const meanings = readJson<NotificationMeaning[]>(body);
    if (meanings === null) throw new SystoleError("NOTIFICATION_BODY_INVALID", { provider: "cairn" });
    return meanings;
  },
  handshake({ query }, { settings: { client_id } }) {
    const challenge = query.get("challenge");
    if (challenge === null) return null;
    return query.get("client") === client_id ? { status: 200, body: challenge } : { status: 403 };
  },
};

/** A body is the JSON of its content. */
const upload: UploadFormat = {
  maxBytes: 1_024,
  read({ body }) {
    const content = readJson<UploadContent>(body);
    if (content === null) throw new SystoleError("UPLOAD_BODY_INVALID", { provider: "cairn" });
    return content;
  },
};

function readJson<Content>(body: Buffer): Content | null {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

/** 410 says that the requested days are older than those kept. */
const oldDaysGone: FailureRules = { verdict: ({ status }) => (status === 410 ? outOfReach : null) };

export const cairn: Provider = defineProvider({
  name: "CAIRN",
  slug: "cairn",
  displayName: "Cairn",
  dataTypes: ["daily"],
  settings,
  connecting: { kind: "oauth", consents: [consent] },
  notifications,
  subscription,
  uploads: { days: upload },
  apis: {
    "cairn-v1": {
      rateLimits: [],
      limitedAs: ({ client_id }) => client_id,
      send({ settings: { api_url }, http }, { method, path }, { accessToken }, signal) {
        const authorization = bearer(accessToken);
        const asked = { method, url: api_url + path, authorization, signal };
        return call(http, { ...asked, credentials: "person" }, oldDaysGone);
      },
    },
  },
  resources: [dayResource, single("note")],
  normalizers: [
    {
      type: "daily",
      needs: ["day", "note"],
      affects: ({ resource, key }) =>
        resource === "day" || resource === "note" ? [{ type: "daily", naturalKey: key }] : [],
      partsOf: (key) => [
        { resource: "day", key },
        { resource: "note", key },
      ],
      normalize,
    },
  ],
  mapperVersion: 1,
}) as Provider;

/** Returns Cairn with another declaration of its days, and with more resources. */
export const cairnWith = (days: Partial<Resource>, ...others: readonly Resource[]): Provider => ({
  ...cairn,
  resources: [{ ...dayResource, ...days }, single("note"), ...others],
});
