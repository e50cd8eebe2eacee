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

  /** Returns the control side of another provider that the same sandboxes may play. */
  of(slug: string): SandboxControl {
    return new SandboxControl({ ...this.#place, slug });
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

  /** Tells whether a sandbox of this provider answers there. @throws ProviderError */
  async isThere(): Promise<boolean> {
    const { origin, slug, http, signal } = this.#place;
    const soon = AbortSignal.any([signal, AbortSignal.timeout(probeMs)]);
    const { status, body } = await http.send({
      method: "GET",
      url: `${origin}/_sandbox`,
      headers: {},
      signal: soon,
    });
    return status === 200 && playedIn(body.toString("utf8")).includes(slug);
  }
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
  id: ProviderConfigId,
  signal: AbortSignal,
): Promise<SandboxControl | null> {
  const provider = providerBySlug(id.provider);
  if (provider.connecting.kind === "upload") return findBesideOthers(deps, id, signal);
  try {
    const { settings, http } = await deps.clients.accessFor(id);
    const addresses = customAddresses(provider, settings);
    const [origin, ...others] = new Set(addresses.map((address) => new URL(address).origin));
    if (origin === undefined || others.length > 0) return null;
    const control = new SandboxControl({ origin, slug: id.provider, http, signal });
    return (await control.isThere()) ? control : null;
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/**
 * A provider to which people push has no addresses in its settings. It is played where the sandbox of another provider
 * of the environment is, since all of them share a port.
 */
async function findBesideOthers(
  deps: ConnectionsDeps,
  { environmentId, provider }: ProviderConfigId,
  signal: AbortSignal,
): Promise<SandboxControl | null> {
  for (const { slug, connecting } of providers) {
    if (connecting.kind === "upload") continue;
    const other = await findControl(deps, { environmentId, provider: slug }, signal);
    const control = other?.of(provider) ?? null;
    if (control !== null && (await control.isThere())) return control;
  }
  return null;
}

/** Tells whether the provider is not configured, or nothing can be reached at its addresses. */
const isAbsence = (error: unknown): boolean =>
  error instanceof ProviderError ||
  (error instanceof SystoleError &&
    ["PROVIDER_NOT_CONFIGURED", "PROVIDER_SETTINGS_INVALID"].includes(error.code));
