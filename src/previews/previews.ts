/**
 * Example payloads: what a provider's sandbox serves, made into records by the provider's own normalisers. They are made
 * once a process, when somebody first asks.
 */
import { ownIdOf } from "../ingest/record-maker.ts";
import { type DataType, hasSummaryId, withSummaryId } from "../models/index.ts";
import { settingsFromEnvironment } from "../providers/environment.ts";
import { providerHttp } from "../providers/kit/http.ts";
import type { Normalizer, Provider, RecordRef } from "../providers/provider.ts";
import { sandboxPlugins } from "../sandbox/registry.gen.ts";
import { type NamedSandbox, startSandboxes } from "../sandbox/start.ts";
import { createProviderGuard } from "../security/address-guard.ts";
import { pushedParts } from "./pushed-parts.ts";
import { type PersonParts, SandboxParts } from "./sandbox-parts.ts";
import { sandboxPerson } from "./sandbox-person.ts";

const timeoutMs = 60_000;
/** The number of records made for each type; the one with the most fields is shown. */
const mostCandidates = 4;

export interface Example {
  readonly naturalKey: string;
  readonly record: unknown;
}

export type Examples = ReadonlyMap<DataType, Example>;

export class Previews {
  readonly #made = new Map<string, Promise<Examples>>();

  /** Empty for a provider without a sandbox. */
  of(provider: Provider): Promise<Examples> {
    const known = this.#made.get(provider.slug);
    if (known !== undefined) return known;
    const making = makeExamples(provider, AbortSignal.timeout(timeoutMs));
    this.#made.set(provider.slug, making);
    making.catch(() => this.#made.delete(provider.slug));
    return making;
  }
}

async function makeExamples(provider: Provider, signal: AbortSignal): Promise<Examples> {
  const plugins = sandboxPlugins.filter(({ slug }) => slug === provider.slug);
  if (plugins.length === 0) return new Map();
  const sandboxes = await startSandboxes({ port: 0, plugins, isUnlimited: true });
  try {
    const parts = await readParts(provider, sandboxes.named(provider.slug), signal);
    const examples = new Map<DataType, Example>();
    for (const type of provider.dataTypes) {
      const example = await exampleOf(provider, type, parts);
      if (example !== null) examples.set(type, example);
    }
    return examples;
  } finally {
    await sandboxes.close();
  }
}

async function readParts(
  provider: Provider,
  sandbox: NamedSandbox,
  signal: AbortSignal,
): Promise<PersonParts> {
  if (provider.connecting.kind === "upload") return pushedParts(provider, sandbox, signal);
  const settings = provider.settings.parse(settingsFromEnvironment(provider, sandbox.variables) ?? {});
  const access = { settings, http: providerHttp(createProviderGuard({ allowPrivate: true })) };
  const person = await sandboxPerson(provider, sandbox, access, signal);
  const parts = new SandboxParts(provider, access, { person, signal });
  await parts.discover(new Date());
  return parts;
}

async function exampleOf(provider: Provider, type: DataType, parts: PersonParts): Promise<Example | null> {
  const made: Example[] = [];
  for (const normalizer of provider.normalizers.filter((one) => one.type === type)) {
    for (const { naturalKey } of newest(refsOf(normalizer, parts))) {
      const record = await recordOf(normalizer, naturalKey, parts);
      if (record !== null) made.push({ naturalKey, record });
    }
  }
  const lengthOf = ({ record }: Example): number => JSON.stringify(record).length;
  return made.sort((a, b) => lengthOf(b) - lengthOf(a))[0] ?? null;
}

function refsOf(normalizer: Normalizer, parts: PersonParts): RecordRef[] {
  const refs = parts.all.flatMap((part) => normalizer.affects(part).filter(({ prefix }) => !prefix));
  return [...new Map(refs.map((ref) => [ref.naturalKey, ref])).values()];
}

const newest = (refs: readonly RecordRef[]): readonly RecordRef[] =>
  [...refs].sort((a, b) => (a.naturalKey < b.naturalKey ? 1 : -1)).slice(0, mostCandidates);

/** Companions that are only ever asked for by name are fetched here. */
async function recordOf(normalizer: Normalizer, naturalKey: string, parts: PersonParts): Promise<unknown> {
  const refs = normalizer.partsOf(naturalKey);
  for (const ref of refs) {
    if (ref.prefix === undefined && ref.suffix === undefined && parts.find(ref).length === 0)
      await parts.fetch(ref);
  }
  const record = normalizer.normalize(
    refs.flatMap((ref) => parts.find(ref)),
    naturalKey,
  );
  const ownId = ownIdOf({ normalizer, naturalKey });
  return record !== null && ownId !== null && hasSummaryId(normalizer.type)
    ? withSummaryId(record, ownId)
    : record;
}
