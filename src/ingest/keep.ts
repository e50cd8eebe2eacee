/** Keeps a provider's answer: byte for byte, and as the newest source of its parts. */
import type { Part, ProviderRequest, ProviderResponse, Resource } from "../providers/provider.ts";
import { pointParts } from "../store/raw-parts.ts";
import { type FetchedPayload, keepRawPayload } from "../store/raw-payloads.ts";
import { createDependentTasks } from "../sync/dependents.ts";
import { createFileTasks } from "../sync/files.ts";
import { countGaps } from "../sync/gaps.ts";
import { holdConnection } from "../sync/run.ts";
import type { IngestRun } from "./deps.ts";
import { hasGrowing } from "./growing/statements.ts";
import type { SplitBody } from "./parsing/split.ts";
import { startsOf } from "./shared-things.ts";

export interface Answer {
  readonly resource: Resource;
  readonly key: string;
  /** Drawn before the request was sent. */
  readonly fetchOrder: string;
  readonly request: ProviderRequest;
  readonly response: ProviderResponse;
}

/** Splits an answer; a large one is kept before it is read. @throws ConnectionGone */
export async function splitAnswer(run: IngestRun, answer: Answer): Promise<SplitBody> {
  const { deps, provider, id } = run;
  const { body } = answer.response;
  const ref = { resource: answer.resource.name, key: answer.key };
  const small = deps.parsing.splitSmall(provider, ref, body);
  if (small !== null) return small;
  const rawPayloadId = await deps.store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, id);
    return keepRawPayload(tx, payloadOf(run, answer), deps.store.outside);
  });
  return deps.parsing.split({ ...id, rawPayloadId, provider, ...ref }, body);
}

/** A body that is stored already. */
export interface StoredAnswer extends Pick<Answer, "resource" | "key" | "fetchOrder"> {
  readonly rawPayloadId: string;
}

export interface KeptParts {
  readonly rawPayloadId: string;
  /** The parts that are new or have changed. */
  readonly changed: readonly Part[];
  /** How many of those were never announced. */
  readonly gaps: number;
}

/**
 * Keeps an answer while the connection is locked, so that no data of a person can return after their erasure.
 * Also creates tasks for the files of new or changed list items, and for items that could not be requested
 * before.
 * @throws ConnectionGone
 */
export function keepParts(
  run: IngestRun,
  answer: Answer | StoredAnswer,
  parts: readonly Part[],
): Promise<KeptParts> {
  const { resource, key, fetchOrder } = answer;
  const asked = { resource: resource.name, key };
  return run.deps.store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, run.id);
    const rawPayloadId =
      "rawPayloadId" in answer
        ? answer.rawPayloadId
        : await keepRawPayload(tx, payloadOf(run, answer), run.deps.store.outside);
    const source = { rawPayloadId, resourceKey: key, fetchOrder };
    const facts = { fingerprint: fingerprintOf(resource), startsAt: startsOf(run.provider) };
    const changes = await pointParts(tx, run.id, source, parts, facts);
    const changed = [...changes.added, ...changes.changed];
    const own = changed.filter((part) => part.resource === resource.name);
    await createFileTasks(tx, run, asked, own);
    await createDependentTasks(tx, run, own);
    return { rawPayloadId, changed, gaps: await countGaps(tx, run, asked, own) };
  });
}

const fingerprintOf =
  (resource: Resource) =>
  (part: Part): string | null =>
    part.resource === resource.name ? (resource.fingerprint?.(part) ?? null) : null;

const payloadOf = (
  { provider, id, task }: IngestRun,
  { resource, key, fetchOrder, request, response }: Answer,
): FetchedPayload => ({
  resource: resource.name,
  key,
  request,
  response,
  connection: id,
  provider: provider.slug,
  taskId: task.task_id,
  ...(hasGrowing(provider) && { fetchOrder }),
});
