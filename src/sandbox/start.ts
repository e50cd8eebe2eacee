/** Starts sandboxes on one port. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SandboxPlace, SandboxPlugin } from "./contract.ts";
import { buildFront, type Running } from "./front.ts";
import { Clock } from "./kit/clock.ts";
import { keepAliveTimeout } from "./kit/keep-alive.ts";
import { prefixesOf, targetOf } from "./places.ts";
import { sandboxPlugins } from "./registry.gen.ts";

export interface StartOptions {
  /** The address to listen on. 127.0.0.1 when absent: the control side has no authentication. */
  readonly host?: string;
  /** The port; 0 takes any free one. */
  readonly port: number;
  /** The time at which the clock starts; the real time when absent. */
  readonly now?: Date;
  /** Writes one line for each event worth reporting. When absent, the sandboxes are silent. */
  readonly log?: (line: string) => void;
  /** The sandboxes to start; all of them when absent. */
  readonly plugins?: readonly SandboxPlugin[];
  /** Whether a caller may be faster than a provider allows; false when absent. */
  readonly isUnlimited?: boolean;
}

/** One of the running sandboxes. */
export interface NamedSandbox {
  readonly plugin: SandboxPlugin;
  readonly url: string;
  readonly controlUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  isSubscribed(): boolean;
}

export interface RunningSandboxes {
  readonly url: string;
  readonly all: readonly NamedSandbox[];
  /** The environment variables that point Systole at all of them. */
  readonly variables: Readonly<Record<string, string>>;
  /** @throws Error when there is none of this slug */
  named(slug: string): NamedSandbox;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export async function startSandboxes(options: StartOptions): Promise<RunningSandboxes> {
  const { plugins = sandboxPlugins, log = () => undefined, isUnlimited = false } = options;
  const handler = Promise.withResolvers<Handler>();
  const server = createServer({ keepAliveTimeout }, (request, response) => {
    void handler.promise.then((handle) => handle(request, response));
  });
  const url = await listen(server, options);
  const clock = new Clock(options.now);
  const started = plugins.map((plugin) => startOne(plugin, plugins, { url, clock, log, isUnlimited }));
  const front = buildFront(started, clock);
  const apps = new Map(started.map(({ plugin, instance }) => [plugin.slug, instance.app]));
  await Promise.all([front, ...apps.values()].map(async (app) => app.ready()));
  handler.resolve(dispatcher(plugins, (slug) => (slug === null ? front : (apps.get(slug) ?? front))));
  for (const { plugin, named } of started) log(`${plugin.displayName} sandbox on ${named.url}`);
  const all = started.map(({ named }) => named);
  return {
    url,
    all,
    variables: Object.assign({}, ...all.map(({ variables }) => variables)),
    named: (slug) => byName(all, slug),
    close: () => close(server, [...started.map(({ instance }) => instance), front]),
  };
}

function startOne(
  plugin: SandboxPlugin,
  plugins: readonly SandboxPlugin[],
  { url, ...shared }: Pick<SandboxPlace, "url" | "clock" | "log" | "isUnlimited">,
): Running & { readonly named: NamedSandbox } {
  const { own, control } = prefixesOf(plugin, plugins);
  const place = { ...shared, url: `${url}${own}`, controlUrl: `${url}${control}` };
  const instance = plugin.create(place);
  const named = {
    plugin,
    url: place.url,
    controlUrl: place.controlUrl,
    variables: instance.variables,
    isSubscribed: () => instance.isSubscribed(),
  };
  return { plugin, instance, named };
}

/**
 * Sends each request to its sandbox. The routes of `front.ts` answer for all; GET of the faults stays with the sandbox
 * at the root.
 */
function dispatcher(
  plugins: readonly SandboxPlugin[],
  appOf: (slug: string | null) => { routing: Handler },
): Handler {
  return (request, response) => {
    const [path = "/", ...query] = (request.url ?? "/").split("?");
    const isFaults = path === "/_sandbox/faults" && request.method !== "GET";
    const isFronts = ["/", "/_sandbox", "/_sandbox/clock"].includes(path) || isFaults;
    const target = isFronts ? null : targetOf(path, plugins);
    if (target !== null) request.url = [target.path, ...query].join("?");
    appOf(target?.slug ?? null).routing(request, response);
  };
}

function byName(all: readonly NamedSandbox[], slug: string): NamedSandbox {
  const found = all.find(({ plugin }) => plugin.slug === slug);
  if (found === undefined) throw new Error(`there is no sandbox ${slug}`);
  return found;
}

async function listen(server: Server, { host = "127.0.0.1", port }: StartOptions): Promise<string> {
  server.listen({ host, port });
  await once(server, "listening");
  const { address, family, port: taken } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`;
}

async function close(
  server: Server,
  parts: readonly { close(): Promise<unknown> | unknown }[],
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  for (const part of parts) await part.close();
  await closed;
}
