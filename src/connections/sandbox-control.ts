/**
 * The control side of the sandbox that plays a provider. It is found by the addresses in the provider's settings; a
 * provider at its own addresses is never asked whether it is a sandbox.
 */
import { SystoleError } from "../errors.ts";
import { customAddresses } from "../providers/addresses.ts";
import { type HttpAnswer, type ProviderAccess, ProviderError } from "../providers/provider.ts";
import { providerBySlug, providers } from "../providers/registry.ts";
import type { ProviderConfigId } from "../store/provider-config-id.ts";
import type { ConnectionsDeps } from "./deps.ts";

const probeMs = 2_000;

interface SandboxPlace {
  readonly origin: string;
  readonly slug: string;
  readonly http: ProviderAccess<unknown>["http"];
  readonly signal: AbortSignal;
}

export class SandboxControl {
  readonly origin: string;
  readonly #place: SandboxPlace;

  constructor(place: SandboxPlace) {
    this.origin = place.origin;
    this.#place = place;
  }

  /** Opens a page as a person's browser does. @throws ProviderError */
  open(url: URL): Promise<HttpAnswer> {
    const { http, signal } = this.#place;
    return http.send({ method: "GET", url: url.href, headers: {}, signal });
  }

  /** @throws SystoleError SANDBOX_REFUSED, ProviderError */
  async post<Answer>(path: string, body: object): Promise<Answer> {
    const { origin, slug, http, signal } = this.#place;
    const url = `${origin}/_sandbox/${slug}${path}`;
    const headers = { "content-type": "application/json" };
    const answer = await http.send({ method: "POST", url, headers, body: JSON.stringify(body), signal });
    if (answer.status >= 300) throw new SystoleError("SANDBOX_REFUSED", { status: answer.status });
    return JSON.parse(answer.body.toString("utf8"));
  }
}

/** Returns the slugs of the providers that a sandbox plays there; none where another server answers. @throws ProviderError */
async function playedAt({ origin, http, signal }: SandboxPlace): Promise<readonly unknown[]> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(probeMs)]);
  const url = `${origin}/_sandbox`;
  const { status, body } = await http.send({ method: "GET", url, headers: {}, signal: soon });
  return status === 200 ? playedIn(body.toString("utf8")) : [];
}

/** Returns the slugs that a sandbox names; any other server may answer anything. */
function playedIn(text: string): readonly unknown[] {
  try {
    const { sandboxes } = Object(JSON.parse(text)) as { readonly sandboxes?: unknown };
    return Array.isArray(sandboxes) ? sandboxes : [];
  } catch {
    return [];
  }
}

/** @throws SystoleError SANDBOX_MISSING */
export async function controlOf(
  deps: ConnectionsDeps,
  id: ProviderConfigId,
  signal: AbortSignal,
): Promise<SandboxControl> {
  const control = await findControl(deps, id, signal);
  if (control === null) throw new SystoleError("SANDBOX_MISSING", { provider: id.provider });
  return control;
}

/** Returns null where no sandbox plays the provider in this environment, or none answers now. */
export async function findControl(
  deps: ConnectionsDeps,
  { environmentId, provider }: ProviderConfigId,
  signal: AbortSignal,
): Promise<SandboxControl | null> {
  return (await findControls(deps, environmentId, signal)).get(provider) ?? null;
}

/**
 * Returns the control sides of an environment, by the slug of the provider. Each place is asked once. A provider to which
 * people push has no addresses in its settings: it is played where the sandbox of another one is, since all of them share
 * a port.
 */
export async function findControls(
  deps: ConnectionsDeps,
  environmentId: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SandboxControl>> {
  const found = await Promise.all(
    providers.map(({ slug }) => findPlace(deps, { environmentId, provider: slug }, signal)),
  );
  const places = found.filter((place) => place !== null);
  const byOrigin = new Map(places.map((place) => [place.origin, place]));
  const played = new Map(
    await Promise.all(
      [...byOrigin].map(
        async ([origin, place]) =>
          [origin, await unlessAbsent<readonly unknown[]>(playedAt(place), [])] as const,
      ),
    ),
  );
  return new Map(
    providers.flatMap(({ slug, connecting }) => {
      const own = connecting.kind === "upload" ? places : places.filter((place) => place.slug === slug);
      const place = own.find(({ origin }) => played.get(origin)?.includes(slug));
      return place === undefined ? [] : [[slug, new SandboxControl({ ...place, slug })] as const];
    }),
  );
}

/** Returns the place to which the addresses in a provider's settings lead, if an operator set all of them to one. */
async function findPlace(
  { clients }: ConnectionsDeps,
  id: ProviderConfigId,
  signal: AbortSignal,
): Promise<SandboxPlace | null> {
  const provider = providerBySlug(id.provider);
  const access = await unlessAbsent<ProviderAccess<unknown> | null>(clients.accessFor(id), null);
  if (access === null) return null;
  const addresses = customAddresses(provider, access.settings);
  const [origin, ...others] = new Set(addresses.map((address) => new URL(address).origin));
  if (origin === undefined || others.length > 0) return null;
  return { origin, slug: id.provider, http: access.http, signal };
}

/** Returns another value where the provider is not configured, or nothing can be reached at its addresses. */
async function unlessAbsent<Value>(asked: Promise<Value>, other: Value): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsence(error)) return other;
    throw error;
  }
}

const isAbsence = (error: unknown): boolean =>
  error instanceof ProviderError ||
  (error instanceof SystoleError &&
    ["PROVIDER_NOT_CONFIGURED", "PROVIDER_SETTINGS_INVALID"].includes(error.code));
