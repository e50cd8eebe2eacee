/**
 * Every outgoing connection goes through the address guard. Sockets are watched where Node makes them, while
 * each provider client and each kind of destination is used. A module that could make a connection must be
 * listed here as used, so a new client cannot bypass the guard unnoticed.
 */
import { generateKeyPairSync } from "node:crypto";
import dns, { type LookupOptions } from "node:dns";
import { globSync, readFileSync } from "node:fs";
import net, { type LookupFunction } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { dataEvent } from "../destinations/conformance/events.ts";
import { asSent } from "../destinations/conformance/formed.ts";
import { DeliveryError, type Destination } from "../destinations/destination.ts";
import { destinationKinds, loadDestination } from "../destinations/registry.ts";
import { parseSettings } from "../destinations/settings.ts";
import { supabaseSettings } from "../destinations/supabase/settings.ts";
import { setupOver } from "../destinations/supabase/setup.ts";
import { SystoleError } from "../errors.ts";
import { providerHttp } from "../providers/kit/http.ts";
import type {
  Grant,
  OAuthConsent,
  Provider,
  ProviderAccess,
  ProviderContext,
} from "../providers/provider.ts";
import { providers } from "../providers/registry.ts";
import { createAddressGuard, createProviderGuard } from "./address-guard.ts";

interface Connected {
  readonly host: string | undefined;
  readonly lookup: unknown;
}

let connections: Connected[] = [];
let systemLookups: string[] = [];
const originals = { connect: net.Socket.prototype.connect, lookup: dns.lookup };

beforeAll(() => {
  net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
    // Node's own `net.connect` passes its arguments on as one array.
    const [first, second] = (Array.isArray(given[0]) ? given[0] : given) as [unknown, unknown];
    const { host, lookup, path } = typeof first === "object" ? (first as Record<string, unknown>) : {};
    connections.push({ host: String(host ?? path ?? second), lookup });
    return Reflect.apply(originals.connect, this, given);
  } as typeof net.Socket.prototype.connect;
  dns.lookup = ((hostname: string, ...rest: unknown[]) => {
    systemLookups.push(hostname);
    return Reflect.apply(originals.lookup, dns, [hostname, ...rest]);
  }) as typeof dns.lookup;
});
afterAll(() => {
  net.Socket.prototype.connect = originals.connect;
  dns.lookup = originals.lookup;
});
beforeEach(() => {
  connections = [];
  systemLookups = [];
});

/** No server listens there. */
const nowhere = { address: "127.0.0.1", family: 4 };

/** Returns a look-up that knows every name, and the names it was asked for. */
function rememberingLookup(): { lookup: LookupFunction; asked: Set<string> } {
  const asked = new Set<string>();
  const lookup: LookupFunction = (hostname, { all }: LookupOptions, callback) => {
    asked.add(hostname);
    if (all) callback(null, [nowhere]);
    else callback(null, nowhere.address, nowhere.family);
  };
  return { lookup, asked };
}

/** Expects a guarded connection: with the look-up in its socket, or to an address that the look-up returned. */
function expectGuarded(lookup: LookupFunction): void {
  expect(connections.length, "connections tried").toBeGreaterThan(0);
  const past = connections.filter((made) => made.lookup !== lookup && made.host !== nowhere.address);
  expect(past, "connections past the guard").toEqual([]);
  expect(systemLookups, "names looked up past the guard").toEqual([]);
}

const soon = () => AbortSignal.timeout(8_000);
const ended = (attempt: unknown) =>
  Promise.resolve(attempt).then(
    () => "it succeeded",
    (error: { code?: string; details?: { cause?: string } }) => error.details?.cause ?? error.code,
  );

const grantOf = (consent: string): Grant => ({
  consent,
  accessToken: "token",
  expiresAt: null,
  renewal: { kind: "refresh-token", token: "refresh" },
  providerUserId: "1",
  scopes: [],
});

type ProviderCall = readonly [name: string, run: (access: ProviderAccess<unknown>) => unknown];

/** Returns every call to a provider that needs a connection. */
const callsOf = (provider: Provider): readonly ProviderCall[] => [
  ...connectingCalls(provider),
  ...subscriptionCalls(provider),
  ...Object.entries(provider.apis).map(
    ([name, api]): ProviderCall => [
      `a request to ${name}`,
      (access) => api.send(access, { method: "GET", path: "/x" }, grantOf(name), soon()),
    ],
  ),
];

function connectingCalls({ connecting, apis }: Provider): ProviderCall[] {
  if (connecting.kind === "upload") return [];
  if (connecting.kind === "key") {
    const key = { key: "key", endsAt: null };
    return [["exchange", (access) => connecting.exchange(access, key, soon())]];
  }
  return connecting.consents.flatMap((consent): ProviderCall[] => {
    const grant = { ...grantOf(consent.name), apis: Object.keys(apis) };
    const code = { code: "c", redirectUri: "https://hub.example/back", scopes: [], codeVerifier: "v" };
    return [
      ["exchange", (access) => consent.exchange(access, { ...code, signal: soon() })],
      ["register", (access) => registered(consent, access, grant)],
      ["refresh", (access) => consent.refresh?.(access, grant, soon())],
      ["revoke", (access) => consent.revoke?.(access, grant, soon())],
    ];
  });
}

/** Returns what registration ends with. Where only what a grant opens is asked, an outage leaves that undecided. */
function registered({ register }: OAuthConsent<unknown>, access: ProviderAccess<unknown>, grant: Grant) {
  return register?.(access, grant, { memberId: "member", opened: [], knownAs: [], signal: soon() }).then(
    (known) => {
      if (known.isUndecided) throw new SystoleError("PROVIDER_UNAVAILABLE");
    },
  );
}

function subscriptionCalls({ subscription }: Provider): ProviderCall[] {
  const request = { url: "https://hub.example/hooks", known: [], expectPing: async () => {} };
  const signal = soon;
  const grant = grantOf("any");
  switch (subscription?.kind) {
    case "client":
      return [["subscribe", (access) => subscription.ensure(access, { ...request, signal: signal() })]];
    case "events":
      return subscription.events.map((event) => [
        `subscribe to ${event}`,
        (access) => subscription.ensure(access, event, { ...request, signal: signal() }),
      ]);
    case "person":
      return [
        ["subscribe", (access) => subscription.ensure(access, grant, { ...request, signal: signal() })],
        ["unsubscribe", (access) => subscription.remove(access, grant, { ...request, signal: signal() })],
      ];
    default:
      return [];
  }
}

/** Returns the settings that a provider requires, with each of its addresses at the given host. */
function settingsAt({ settings: schema }: Provider, origin: string): object {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  const given = Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === "object" && property.address === true) return [[name, origin]];
    return required.includes(name) ? [[name, "given"]] : [];
  });
  return Object.fromEntries(given);
}

const accessTo = (provider: Provider, origin: string, context: ProviderContext): ProviderAccess<unknown> => ({
  settings: provider.settings.parse(settingsAt(provider, origin)),
  http: providerHttp(context),
});

const hasAddress = (provider: Provider): boolean =>
  Object.values(settingsAt(provider, "an address")).includes("an address");

it.each(providers.filter((provider) => !hasAddress(provider)))(
  "$slug has no address, and calls none",
  (provider) => {
    expect(callsOf(provider)).toEqual([]);
  },
);

const called = providers.filter(hasAddress).map((provider) => ({ slug: provider.slug, provider }));
describe.each(called)("$slug", ({ provider }) => {
  it.each(callsOf(provider))("%s connects through the guard's look-up", async (_name, call) => {
    const { lookup, asked } = rememberingLookup();
    const access = accessTo(provider, "https://api.provider.example", { lookup, assertUrlAllowed: () => {} });
    const attempt = call(access);
    if (attempt === undefined) return;
    expect(await ended(attempt)).toBe("PROVIDER_UNAVAILABLE");
    expect([...asked]).toEqual(["api.provider.example"]);
    expectGuarded(lookup);
  });

  it.each(callsOf(provider))("%s reaches no private address", async (_name, call) => {
    const guard = createProviderGuard({
      allowPrivate: false,
      resolve: (_name, _options, callback) => callback(null, [{ address: "169.254.169.254", family: 4 }]),
    });
    const refusals: [string, string][] = [
      ["https://metadata.example", "PROVIDER_ADDRESS_PRIVATE"],
      ["https://169.254.169.254", "PROVIDER_ADDRESS_PRIVATE"],
      ["https://[::ffff:127.0.0.1]", "PROVIDER_ADDRESS_PRIVATE"],
      ["https://2852039166", "PROVIDER_ADDRESS_PRIVATE"],
      ["https://localhost:8080", "PROVIDER_ADDRESS_PRIVATE"],
      ["http://169.254.169.254", "PROVIDER_ADDRESS_PRIVATE"],
      ["http://api.provider.example", "PROVIDER_ADDRESS_PLAIN"],
    ];
    for (const [origin, code] of refusals) {
      const attempt = call(accessTo(provider, origin, guard));
      if (attempt !== undefined) expect([origin, await ended(attempt)]).toEqual([origin, code]);
    }
    // Only this name is looked up, inside a socket that then connects to nothing.
    expect(connections.filter(({ host }) => host !== "metadata.example")).toEqual([]);
  });

  it.each(["?", "?x=1", "#f", "/v3?x="])("takes no base URL with %s", (end) => {
    const given = settingsAt(provider, `https://api.provider.example${end}`);
    expect(provider.settings.safeParse(given).success).toBe(false);
  });
});

const host = "target.example";
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const serviceAccount = JSON.stringify({
  type: "service_account",
  project_id: "project",
  private_key_id: "1",
  private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
  client_email: "robot@project.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
});
const aws = { region: "eu-central-1", access_key_id: "AKIAEXAMPLE", secret_access_key: "secret" };
const sql = { host, database: "d", username: "u", password: "p" };

/** The settings of each kind, and the names that it has to look up for them. */
const kinds: Readonly<Record<string, { settings: object; names: readonly string[] }>> = {
  "azure-blob": {
    settings: { sas_url: `https://${host}/container?sp=rw&sr=c&sig=x` },
    names: [host],
  },
  fhir: {
    settings: { base_url: `https://${host}/r4`, authorization: "bearer", token: "token" },
    names: [host],
  },
  firestore: {
    settings: { project_id: "project-1", service_account: serviceAccount },
    names: ["oauth2.googleapis.com"],
  },
  gcs: { settings: { bucket: "bucket", service_account: serviceAccount }, names: ["oauth2.googleapis.com"] },
  kafka: { settings: { brokers: `${host}:9092`, topic: "t", mechanism: "none", tls: false }, names: [host] },
  mongodb: { settings: { host, database: "d", username: "u", password: "p" }, names: [host] },
  mysql: { settings: sql, names: [host] },
  postgres: { settings: sql, names: [host] },
  s3: { settings: { ...aws, bucket: "bucket", endpoint: `https://${host}` }, names: [host] },
  sqs: {
    settings: { ...aws, queue_url: "https://sqs.eu-central-1.amazonaws.com/123456789012/queue" },
    names: ["sqs.eu-central-1.amazonaws.com"],
  },
  supabase: {
    settings: {
      url: `https://${host}`,
      service_role_key: "key",
    },
    names: [host],
  },
  webhook: { settings: { url: `https://${host}/hook`, secret: "s".repeat(32) }, names: [host] },
};

const settingsOf = (destination: Destination): unknown =>
  parseSettings(destination, { ...kinds[destination.kind]?.settings });

const eventFor = ({ onlyFormat }: Destination) => asSent(dataEvent(), onlyFormat);

describe.each(destinationKinds)("%s", (kind) => {
  it("connects through the guard's look-up, delivering and checking", async () => {
    const destination = await loadDestination(kind);
    const { lookup, asked } = rememberingLookup();
    const sender = destination.connect(settingsOf(destination), { lookup, assertAddressAllowed: () => {} });
    const event = await eventFor(destination);
    const attempts = [() => sender.deliver(event, soon()), () => sender.check(soon())];
    if (sender.deliverBatch)
      attempts.push(async () => refusalOf(await sender.deliverBatch?.([event], soon())));
    if (sender.share)
      attempts.push(async () => ({ response: (await sender.share?.(event, 60, soon())) ?? "" }));
    for (const attempt of attempts) expect(await ended(attempt())).toMatch(/^DELIVERY_/);
    await sender.close();
    expect([...asked].sort()).toEqual([...(kinds[kind]?.names ?? [])].sort());
    expectGuarded(lookup);
  });

  it("reaches no private address", async () => {
    const destination = await loadDestination(kind);
    const guard = createAddressGuard({
      allowPrivate: false,
      resolve: (_name, _options, callback) => callback(null, [{ address: "10.0.0.1", family: 4 }]),
    });
    const sender = destination.connect(settingsOf(destination), guard);
    const event = await eventFor(destination);
    expect(await ended(sender.deliver(event, soon()))).toBe("DESTINATION_ADDRESS_PRIVATE");
    await sender.close();
    const names = kinds[kind]?.names ?? [];
    expect(connections.filter(({ host }) => !names.includes(host ?? ""))).toEqual([]);
  });
});

it("fhir asks for its token through the guard's look-up", async () => {
  const fhir = await loadDestination("fhir");
  const key = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  const { lookup, asked } = rememberingLookup();
  const settings = parseSettings(fhir, {
    base_url: `https://${host}/r4`,
    authorization: "smart",
    token_url: `https://token.${host}/token`,
    client_id: "systole",
    private_key: key.export({ type: "pkcs8", format: "pem" }),
    key_id: "1",
  });
  const sender = fhir.connect(settings, { lookup, assertAddressAllowed: () => {} });
  expect(await ended(sender.check(soon()))).toMatch(/^DELIVERY_/);
  await sender.close();
  expect([...asked]).toEqual([`token.${host}`]);
  expectGuarded(lookup);
});

/** Supabase's set-up connects only once the project has answered that something is missing. */
it("supabase's set-up connects through the guard's look-up", async () => {
  const { lookup, asked } = rememberingLookup();
  const settings = supabaseSettings.parse({ ...kinds.supabase?.settings });
  const context = { lookup, assertAddressAllowed: () => {} };
  const setup = setupOver(`postgresql://u:p@db.${host}/d?sslmode=disable`, settings, context);
  for (const run of [() => setup.run(), () => setup.rehearse(soon()), () => setup.assertAccess(soon())]) {
    expect(await ended(run())).toMatch(/^DELIVERY_/);
  }
  expect([...asked]).toEqual([`db.${host}`]);
  expectGuarded(lookup);
});

/** Throws the error of the only event of a batch, as `deliver` throws it. */
function refusalOf(outcomes: readonly unknown[] | undefined): never {
  const [outcome] = outcomes ?? [];
  throw outcome instanceof DeliveryError ? outcome : new Error("it succeeded");
}

/** Packages that make no connection; any other is presumed to make one. */
const quiet =
  /^(zod|kysely|pino|prom-client|ipaddr\.js|fastify|@fastify\/\w+|saxes|fit-file-parser(\/raw)?|@aws-sdk\/s3-request-presigner|@tus\/server|@tus\/file-store|qr|yauzl|@node-rs\/argon2)$/;
const noisyBuiltins = /^node:(http|https|http2|net|tls|dgram|dns|dns\/promises)$/;
const quietNames =
  /^(type .*|isIP|STATUS_CODES|rootCertificates|createServer( as \w+)?|BSON|murmur2|errors)$/;
/**
 * Code of tests, commands that an operator runs by hand, the script of a page, which runs in a browser, and previews, which
 * start a sandbox and ask only that.
 */
const aside =
  /\.(test|fixture)\.ts$|\/(testing|conformance|stand-in)\/|\/target\.ts$|^src\/destinations\/supabase\/projects\.ts$|^src\/previews\/(sandbox-person|pushed-parts)\.ts$|^src\/api\/connect\/upload-script\.ts$|^src\/(sandbox|demo|cli)\//;
/** The operator's own: the database of DATABASE_URL or the embedded one, the public URL, and the receiver of traces. */
const ours = /^src\/(store\/(?!bodies\/)|doctor\/(examine|surroundings)\.ts$|telemetry\/otlp\.ts$)/;

/** Modules that are used above. A missing one needs the guard, and a test of its connection above. */
const guarded = [
  "src/destinations/fhir/smart.ts",
  "src/destinations/kafka/brokers.ts",
  // Uses the connections of brokers.ts.
  "src/destinations/kafka/requests.ts",
  "src/destinations/kit/aws/client.ts",
  "src/destinations/kit/guarded-socket.ts",
  "src/destinations/kit/http.ts",
  "src/destinations/mongodb/client.ts",
  "src/destinations/mysql/connections.ts",
  "src/destinations/postgres/connections.ts",
  // Only recognises the driver's errors.
  "src/destinations/postgres/errors.ts",
  "src/destinations/s3/client.ts",
  "src/destinations/sqs/client.ts",
  "src/destinations/supabase/setup.ts",
  "src/destinations/webhook/sender.ts",
  // Opens the database, and the clients of destinations above with the guard.
  "src/open-bodies.ts",
  "src/providers/kit/http.ts",
  // Its requests are sent by kit/http.ts.
  "src/providers/kit/oauth.ts",
  "src/security/address-guard.ts",
  // Use the guard, or the guarded client, that open-bodies.ts gives them.
  "src/store/bodies/http-objects.ts",
  "src/store/bodies/s3.ts",
];

/** Whether a module imports anything that could make a connection, or uses a global that can. */
function couldConnect(text: string): boolean {
  if (/(?<![.\w])(fetch|WebSocket|EventSource)\((?!\w+: )/.test(text)) return true;
  const imports = text.matchAll(
    /^import (?!type )([^;]*?) from "([^".][^"]*)";|\bimport\("([^".][^"]*)"\)/gm,
  );
  return [...imports].some(([, names = "", from = "", lazily = from]) => {
    if (lazily.startsWith("node:") ? !noisyBuiltins.test(lazily) : quiet.test(lazily)) return false;
    const braced = /^\{([^}]*)\}$/.exec(names.replaceAll("\n", " "))?.[1];
    const taken = braced
      ?.split(",")
      .map((name) => name.trim())
      .filter(Boolean);
    return (
      taken === undefined ||
      taken.some((name) => !quietNames.test(name) && !/^[A-Z].*(Error|Exception|Command)$/.test(name))
    );
  });
}

describe("a module that could make a connection", () => {
  const modules = globSync("src/**/*.ts").map((file) => file.replaceAll("\\", "/"));

  it("is one of those that are known to be guarded", () => {
    const found = modules
      .filter((file) => !aside.test(file) && !ours.test(file))
      .filter((file) => couldConnect(readFileSync(file, "utf8")));
    expect(found.sort()).toEqual(guarded);
  });

  it.each([
    ['import { request } from "undici";', true],
    ['import { Socket } from "node:net";', true],
    ['import {\n  isIP,\n  connect,\n} from "node:net";', true],
    ['import some from "some-new-client";', true],
    ['const { connect } = await import("node:tls");', true],
    ["await fetch(url);", true],
    ['import { isIP, type Socket } from "node:net";', false],
    ['import type { Agent } from "undici";', false],
    ["client.fetch(request);", false],
  ])("is recognised by its text: %s", (text, could) => {
    expect(couldConnect(text)).toBe(could);
  });
});
