/** Reads what the phone of a sandbox's person pushes, and folds it as ingest does. */
import { splitBody } from "../ingest/parsing/split.ts";
import { isKeptWhole, isNamedBy, type Part, type PartsRef, type Provider } from "../providers/provider.ts";
import { resourceOf } from "../providers/resource-of.ts";
import type { NamedSandbox } from "../sandbox/start.ts";
import { GrownParts } from "./grown-parts.ts";
import type { PersonParts } from "./sandbox-parts.ts";

const days = 28;

export class PushedParts implements PersonParts {
  readonly all: readonly Part[];

  constructor(provider: Provider, format: string, body: Buffer) {
    const upload = provider.uploads?.[format];
    if (upload === undefined || !isKeptWhole(upload))
      throw new Error(`no bodies of ${format} are kept whole`);
    const ref = { resource: upload.resource, key: upload.keyOf({}) };
    const { parts, statements } = splitBody(resourceOf(provider, ref), ref, body, provider);
    const grown = new GrownParts();
    grown.add(statements);
    this.all = [...parts, ...grown.all];
  }

  find(ref: PartsRef): readonly Part[] {
    return this.all.filter((part) => isNamedBy(ref, part));
  }

  /** Nothing can be asked for. */
  async fetch(): Promise<void> {}
}

/** Makes a person at the sandbox, and reads what their phone tells in the format that tells most. */
export async function pushedParts(
  provider: Provider,
  { controlUrl }: NamedSandbox,
  signal: AbortSignal,
): Promise<PushedParts> {
  const { user_id: id } = await json<{ user_id: string }>(`${controlUrl}/users`, { method: "POST", signal });
  const at = `${controlUrl}/users/${id}/bodies`;
  const { formats } = await json<{ formats: readonly string[] }>(at, { signal });
  const format = formats.find((one) => provider.uploads?.[one] !== undefined);
  if (format === undefined) throw new Error("the sandbox has no format of the provider");
  const answer = await fetch(`${at}/${format}?days=${days}`, { signal });
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
  return new PushedParts(provider, format, Buffer.from(await answer.arrayBuffer()));
}

async function json<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
  return (await answer.json()) as Answer;
}
