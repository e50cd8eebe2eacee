/**
 * Proves what the probe promises: it reads and changes nothing, its report has no value of a body, and what it says of a
 * body is what a fetch would make of it. Polar is played by functions; the bodies are all that the sandbox can make.
 */
import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE } from "../../../../sandbox/polar/state.ts";
import { generateV4 } from "../../../../sandbox/polar/v4/generate/index.ts";
import { v4Resources as lists, v4Singles } from "../../../../sandbox/polar/v4/resources.ts";
import { catalogue } from "../../../../sandbox/polar/v4/sports.ts";
import { usualSwitches } from "../../../../sandbox/polar/v4/switches.ts";
import type { Grant, HttpRequest, ProbeAnswer, ProbeFinding, ProviderAccess } from "../../../provider.ts";
import { dynamic } from "../../names.ts";
import type { PolarSettings } from "../../settings.ts";
import { v4Resources } from "../resources.ts";
import type { Polar } from "./calls.ts";
import { readVerdict } from "./forms.ts";
import { probedResources } from "./lists.ts";
import { probe } from "./probe.ts";

type Json = Readonly<Record<string, unknown>>;

const now = new Date("2025-05-12T20:00:00Z");
const person = {
  id: 48_151_623,
  profile: DEFAULT_PROFILE,
  consents: true,
  data: new Map(),
  files: new Map(),
};
const generated = generateV4(person, { days: 3, seed: 3, now: now.getTime() }, usualSwitches);

/** What identifies a person. No body of the sandbox has all of it, so it is added to every item of every body. */
const canaries = {
  firstName: "Canarina",
  email: "canarina@example.org",
  birthday: "1987-06-05",
  accessToken: "tok-canary-77f",
  serial: "CANARYSERIAL77",
  latitude: 61.498765,
  longitude: 23.761234,
  "48:2A:canary": "canary-key-1",
  "canarina@example.org": 1,
  "123456789012": "canary-key-2",
};

/** The bodies of a path, each list in the live form. */
const bodiesByPath = new Map<string, unknown>([
  ["/sports/list", catalogue.map((one) => ({ ...one, ...canaries }))],
]);
for (const { name, path, list } of [...lists, ...v4Singles]) {
  const items = (generated.get(name) ?? []).map(({ body }) => ({ ...(body() as Json), ...canaries }));
  bodiesByPath.set(path, list === undefined ? items[0] : { [list]: items });
}

const token = "tok-access-4815162342";
const grant: Grant = {
  consent: dynamic,
  accessToken: token,
  renewal: { kind: "refresh-token", token: "tok-refresh-4815162342" },
  expiresAt: new Date(now.getTime() + 3_000_000),
  providerUserId: "48151623",
  scopes: ["sleep:read", "canary_scope:read"],
};
const settings = {
  client_id: "client-4815",
  client_secret: "secret-4815",
  api_url: "https://v3.example",
  v4_api_url: "https://v4.example",
} as unknown as PolarSettings;

const json = (body: unknown, status = 200): ProbeAnswer => ({
  status,
  headers: {
    "content-type": "application/json",
    "ratelimit-limit": "3000,canarina",
    "ratelimit-usage": "1,2",
  },
  body: Buffer.from(JSON.stringify(body)),
});
const pathOf = ({ url }: HttpRequest): string => new URL(url).pathname.replace("/v4/data", "");
const served = (request: HttpRequest): ProbeAnswer => {
  const body = bodiesByPath.get(pathOf(request));
  return body === undefined ? json({ error: "canarina has no such thing" }, 404) : json(body);
};

/** Runs checks as the server would, with Polar's answers; returns what was found, asked and renewed. */
async function probed(answer: (request: HttpRequest) => ProbeAnswer, withOptions = false) {
  const asked: HttpRequest[] = [];
  let renewals = 0;
  const access = {
    settings,
    http: {
      send: async (request: HttpRequest) => {
        asked.push(request);
        return answer(request);
      },
    },
  } as unknown as ProviderAccess<PolarSettings>;
  const polar: Polar = {
    grants: [grant],
    memberId: "member-4815",
    now,
    ask: ({ send }) => send(access, grant, AbortSignal.timeout(60_000)),
    renew: async () => {
      renewals++;
      return grant;
    },
  };
  const findings: ProbeFinding[] = [];
  for (const check of probe.checks) {
    if (check.option === undefined || withOptions) findings.push(...(await check.run(polar)));
  }
  return { findings, asked, renewals };
}

function* leavesIn(value: unknown): Generator<unknown> {
  if (typeof value === "object" && value !== null)
    for (const one of Object.values(value)) yield* leavesIn(one);
  else yield value;
}

/** Values long enough that a report could have them only from the body: words, ids, dates, texts and decimals. */
const telling = (value: unknown): value is string | number =>
  (typeof value === "string" && value.length > 4) || (typeof value === "number" && !Number.isInteger(value));
const secrets = new Set(
  [...bodiesByPath.values(), Object.keys(canaries).filter((key) => !/^[a-zA-Z]+$/.test(key))].flatMap(
    (body) => [...leavesIn(body)].filter(telling).map(String),
  ),
);
for (const one of [
  token,
  "tok-refresh",
  "secret-4815",
  "client-4815",
  "member-4815",
  "48151623",
  "canary_scope",
])
  secrets.add(one);

function expectNoSecret(findings: readonly ProbeFinding[]): void {
  const report = JSON.stringify(findings);
  const told = [...secrets].filter((secret) => report.includes(secret));
  expect(told).toEqual([]);
  expect(report).not.toMatch(/canar/i);
}

describe("the probe", () => {
  it("asks for everything, only reads, and renews nothing, unless an option asks for it", async () => {
    const { asked, renewals } = await probed(served);
    expect([new Set(asked.map(({ method }) => method)), renewals]).toEqual([new Set(["GET"]), 0]);
    expect(asked.every(({ body }) => (body ?? null) === null)).toBe(true);
    const paths = new Set(asked.map(pathOf));
    for (const { path } of [...lists, ...v4Singles].filter(({ name }) => !/routes|profiles/.test(name)))
      expect(paths).toContain(path);
    const changing = await probed(served, true);
    expect(new Set(changing.asked.map(({ method }) => method))).toEqual(new Set(["GET", "POST", "DELETE"]));
    expect(changing.renewals).toBe(2);
  });

  it("has no value of any body in its report", async () => {
    expect(secrets.size).toBeGreaterThan(300);
    expectNoSecret((await probed(served, true)).findings);
  });

  it.each([
    [
      "a refusal",
      () => json({ errorMessage: "canarina@example.org may not", error: "Canarina 1987-06-05" }, 403),
    ],
    ["a failure", () => json({ message: "canary-key-1" }, 500)],
    ["a page", () => ({ ...json(null), body: Buffer.from("<p>Canarina, 1987-06-05</p>") })],
    [
      "another wrapper",
      (request: HttpRequest) => json({ page: { items: bodiesByPath.get(pathOf(request)) } }),
    ],
    ["a list of texts", () => json(["Canarina", "1987-06-05"])],
  ] as const)("has none of %s", async (_, answer) => {
    expectNoSecret((await probed(answer, true)).findings);
  });

  it("reads what it is sent: no body of the sandbox is called unknown", async () => {
    const { findings } = await probed(served);
    const refused = findings.filter(({ verdict }) => /refuse|no known/.test(verdict));
    expect(refused).toEqual([]);
    const skin = findings.find(({ request }) => request?.includes("/skin-contacts"));
    expect(skin?.verdict).toContain("skinContactPeriod, as of the live gateway");
  });
});

describe("what the probe says of a body", () => {
  const asked = probedResources({ first: "2025-05-05", last: "2025-05-11" });
  const forms: readonly ((list: string, items: readonly unknown[]) => unknown)[] = [
    (list, items) => ({ [list]: items }),
    (list, items) => ({ outer: { [list]: items } }),
    (list, items) => ({ activities: { [list]: items } }),
    (_, items) => items,
    (_, items) => ({ page: { a: { b: items } } }),
    (list) => ({ [list]: {} }),
    () => ({}),
    () => null,
  ];

  it.each(asked.map((one) => [one.resource.name, one] as const))(
    "is what a fetch makes of it: %s",
    (_, { resource, key, path }) => {
      const kind = [...lists, ...v4Singles].find((one) => path.startsWith(one.path));
      const list = kind?.list ?? "sports";
      const items = (generated.get(kind?.name ?? "") ?? []).map(({ body }) => body());
      for (const form of forms) {
        const body = Buffer.from(JSON.stringify(form(list, items)));
        const isRefused = () => {
          try {
            resource.parts(key, resource.decode(body));
            return false;
          } catch (error) {
            return !(error instanceof Error && error.name === "PartlyReadableError");
          }
        };
        const { verdict } = readVerdict(resource, key, { status: 200, headers: {}, body });
        expect(verdict.includes("would refuse"), `${form} ${verdict}`).toBe(isRefused());
      }
    },
  );

  it("covers every resource but the sessions, which have a check of their own, and the saved routes", () => {
    const left = v4Resources.filter(({ name }) => !asked.some(({ resource }) => resource.name === name));
    expect(left.map(({ name }) => name)).toEqual(["v4-training-session", "v4-route"]);
  });
});
