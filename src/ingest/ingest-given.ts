/** Works a task that carries its data, for one connection: keeps it raw, splits it and makes records. */
import { ProviderError, type PushedBody } from "../providers/provider.ts";
import { resourceOf } from "../providers/resource-of.ts";
import { openRawPayload } from "../store/raw-payloads.ts";
import { ConnectionGone } from "../sync/run.ts";
import { deleteParts } from "./delete-parts.ts";
import type { IngestRun } from "./deps.ts";
import { type FetchedParts, keepPage, keepSplit } from "./fetch.ts";
import { type Given, readGiven, type StoredUpload } from "./given.ts";
import { makeStaleRecords } from "./growing/stale-records.ts";
import type { Ingested } from "./ingest-for.ts";
import type { Answer } from "./keep.ts";
import { makeRecords } from "./records.ts";
import { needed } from "./unneeded.ts";

/**
 * @throws ConnectionGone; the error of an unreadable body, after the other bodies are kept and made into
 * records
 */
export async function ingestGiven(run: IngestRun): Promise<Ingested> {
  const given = readGiven(run.task.body);
  const { kept, failures } = await keepAll(run, given);
  let changed = (await makeRecords(run, kept)) + (await makeStaleRecords(run));
  changed += await deleteParts(run, { refs: given.deleted, fetchOrder: given.fetchOrder });
  if (failures.length > 0) throw failures[0];
  return { changed, missing: [] };
}

async function keepAll(
  run: IngestRun,
  given: Given,
): Promise<{ readonly kept: FetchedParts[]; readonly failures: unknown[] }> {
  const kept: FetchedParts[] = [];
  const failures: unknown[] = [];
  for (const pushed of await needed(run, given.bodies)) {
    try {
      kept.push(await keepPage(run, pushed, answerOf(run, given, pushed)));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      failures.push(error);
    }
  }
  for (const stored of await needed(run, given.stored ?? [])) {
    try {
      kept.push(await keepStored(run, given, stored));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      failures.push(final(error));
    }
  }
  return { kept, failures };
}

/** Another try reads the same body, unless its reader died. */
const final = (error: ProviderError): ProviderError =>
  error.code === "PROVIDER_BODY_UNPARSABLE"
    ? error
    : new ProviderError(error.code, "never", error.details, { cause: error });

/** Reads a body that was stored when it arrived. */
async function keepStored(
  run: IngestRun,
  { fetchOrder }: Given,
  stored: StoredUpload,
): Promise<FetchedParts> {
  const { deps, provider, id } = run;
  const { rawPayloadId, ...ref } = stored;
  const body = await openRawPayload(deps.store, id, rawPayloadId);
  if (body === null) throw new ConnectionGone();
  await using _ = Buffer.isBuffer(body) ? null : body;
  const split = await deps.parsing.split({ ...id, provider, ...stored }, body);
  const answer = { resource: resourceOf(provider, ref), key: ref.key, fetchOrder, rawPayloadId };
  return keepSplit(run, { ref, answer, split });
}

function answerOf({ provider }: IngestRun, { path, fetchOrder }: Given, pushed: PushedBody): Answer {
  const body = Buffer.from(JSON.stringify(pushed.body));
  return {
    resource: resourceOf(provider, pushed),
    key: pushed.key,
    fetchOrder,
    request: { method: "POST", path },
    response: { status: 200, contentType: "application/json", body },
  };
}
