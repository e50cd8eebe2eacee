/** Fetches one resource of one connection; the raw body is kept before anything is made of it. */
import { SystoleError } from "../errors.ts";
import {
  type IndexEntry,
  isServed,
  type Part,
  type Provider,
  ProviderError,
  type ProviderRequest,
  type ProviderResponse,
  type ResourceRef,
  type ServedResource,
} from "../providers/provider.ts";
import { resourceOf } from "../providers/resource-of.ts";
import { sideBySide } from "../side-by-side.ts";
import type { TaskFetch } from "../store/tables.ts";
import { PostponedError } from "../sync/planner/postponed.ts";
import { type Asked, askProvider } from "./ask.ts";
import type { IngestRun } from "./deps.ts";
import { growParts } from "./growing/grow-parts.ts";
import { type Answer, keepParts, type StoredAnswer, splitAnswer } from "./keep.ts";
import { removeMoved } from "./moved-parts.ts";
import { PageGuard } from "./page-guard.ts";
import type { SplitBody } from "./parsing/split.ts";
import { RenewalError } from "./renewal-error.ts";

/** Parts that were just fetched, with the payload they came in. */
export interface FetchedParts {
  readonly rawPayloadId: string;
  readonly parts: readonly Part[];
  /** The reason why other items of the same list could not be read; null when all could. */
  readonly refused: ProviderError | null;
  /** The parts that are new or have changed. */
  readonly changed: readonly Part[];
  /** How many of those were never announced, in a search for just such gaps. */
  readonly gaps: number;
  /** The entries of an index; null for any other resource. */
  readonly entries: readonly IndexEntry[] | null;
}

export interface FetchedPages {
  readonly pages: readonly FetchedParts[];
  /** The page to go on with, when the limits allowed no more calls; null when all pages are there. */
  readonly rest: {
    readonly page: ProviderRequest;
    readonly pagesRead: number;
    readonly error: PostponedError;
  } | null;
  /** Why there may be more pages that were not read; null when they ended. PROVIDER_PAGES_ENDLESS */
  readonly endless: ProviderError | null;
}

/**
 * Fetches a resource page by page; keeps and splits each page separately. An empty answer (204) has no parts.
 * @throws ProviderError; an unreadable body has been kept all the same. PostponedError before the first page.
 * StoppedError. ConnectionGone: nothing of the answer is kept
 */
export async function fetchResource(run: IngestRun, fetch: TaskFetch): Promise<FetchedPages> {
  const { page, pagesRead = 0, ...whole } = fetch;
  if (page === undefined) return fetchPages(run, whole, null);
  try {
    return await fetchPages(run, whole, { page, pagesRead });
  } catch (error) {
    if (error instanceof RenewalError) throw error;
    // The cursor may have expired: from the first page again.
    if (error instanceof ProviderError && error.retry === "never") return fetchPages(run, whole, null);
    throw error;
  }
}

async function fetchPages(
  run: IngestRun,
  ref: ResourceRef,
  from: { readonly page: ProviderRequest; readonly pagesRead: number } | null,
): Promise<FetchedPages> {
  const resource = servedResource(run.provider, ref);
  const pages: FetchedParts[] = [];
  const guard = new PageGuard(from?.pagesRead ?? 0, resource.mostPages);
  const ended = (fault: string) => ({ pages, rest: null, endless: endlessPages(ref, guard, fault) });
  const first = from?.page ?? resource.request(ref.key, run.connection.provider_user_id);
  for (let request: ProviderRequest | null = first; request !== null; ) {
    const fault = guard.beforeAsking(request);
    if (fault !== null) return ended(fault);
    const answer: SettlingPage | PostponedError = await askOrPostpone(run, resource, {
      key: ref.key,
      request,
    });
    if (answer instanceof PostponedError) {
      if (request === first) throw answer;
      return { pages, rest: { page: request, pagesRead: guard.read, error: answer }, endless: null };
    }
    const [kept] = await sideBySide(
      run.keeping.do(() => keepAnswer(run, ref, answer)),
      settledOrNoted(run, answer),
    );
    pages.push(...kept);
    const repeated = guard.afterReading(answer.response, kept.flatMap(({ parts }) => parts).length);
    if (repeated !== null) return ended(repeated);
    request = nextPage(resource, request, answer.response);
  }
  return { pages, rest: null, endless: null };
}

/** The answer is stored by then: that its call was not counted as ended does not make it unread. */
const settledOrNoted = ({ deps, task }: IngestRun, { settled }: SettlingPage): Promise<void> =>
  settled.catch((err: unknown) =>
    deps.log.error({ err, trace_id: task.trace_id }, "the end of a call was not counted"),
  );

/** Returns nothing for an empty answer (204). */
const keepAnswer = async (run: IngestRun, ref: ResourceRef, answer: Answer): Promise<FetchedParts[]> =>
  answer.response.status === 204 ? [] : [await keepPage(run, ref, answer)];

const endlessPages = ({ resource, key }: ResourceRef, { read }: PageGuard, reason: string): ProviderError =>
  new ProviderError("PROVIDER_PAGES_ENDLESS", "never", { resource, key, pages: read, reason });

/** Returns the request for the next page. The body of an empty answer names none, but its headers may. */
function nextPage(
  resource: ServedResource,
  request: ProviderRequest,
  response: ProviderResponse,
): ProviderRequest | null {
  if (response.status === 204 && (response.next ?? null) === null) return null;
  return resource.nextPage?.(request, response) ?? null;
}

/** An answer, kept while it is being settled. */
type SettlingPage = Answer & Pick<Asked, "settled">;

async function askOrPostpone(...asked: Parameters<typeof ask>): Promise<SettlingPage | PostponedError> {
  try {
    return await ask(...asked);
  } catch (error) {
    if (error instanceof PostponedError) return error;
    throw error;
  }
}

async function ask(
  run: IngestRun,
  resource: ServedResource,
  { key, request }: { readonly key: string; readonly request: ProviderRequest },
): Promise<SettlingPage> {
  return { resource, key, request, ...(await askProvider(run, { resource, request })) };
}

export async function keepPage(run: IngestRun, ref: ResourceRef, answer: Answer): Promise<FetchedParts> {
  return keepSplit(run, { ref, answer, split: await splitAnswer(run, answer) });
}

/** A body that was split, and is stored or to be stored. */
export interface SplitAnswer {
  readonly ref: ResourceRef;
  readonly answer: Answer | StoredAnswer;
  readonly split: SplitBody;
}

/** Keeps the parts of a body. @throws ConnectionGone; the error of a body that cannot be read, once it is kept */
export async function keepSplit(run: IngestRun, { ref, answer, split }: SplitAnswer): Promise<FetchedParts> {
  const kept = await keepParts(run, answer, split.parts);
  const { rawPayloadId } = kept;
  await removeMoved(run, answer, split.parts);
  const { provider, id, deps } = run;
  await growParts(run, rawPayloadId, split.statements);
  deps.unknownLeaves?.look({ ...id, provider, rawPayloadId }, split.parts, split.leaves);
  const { failed, statements, leaves, ...read } = split;
  const refused = failed ?? read.refused;
  if (refused !== null) noteRefused(run, ref, refused, rawPayloadId);
  if (failed !== null) throw failed;
  return { ...read, ...kept };
}

function noteRefused(
  { deps, provider, id, task }: IngestRun,
  { resource, key }: ResourceRef,
  { code, details }: ProviderError,
  rawPayloadId: string,
): void {
  deps.bodyRefused?.(provider.slug, resource, code);
  const about = { trace_id: task.trace_id, user_id: id.userId, provider: provider.slug };
  const what = { code, resource, key, raw_payload_id: rawPayloadId };
  deps.log.warn({ ...details, ...about, ...what }, "a body cannot be read");
}

/** @throws SystoleError INTERNAL if no provider call serves it */
function servedResource(provider: Provider, ref: ResourceRef): ServedResource {
  const resource = resourceOf(provider, ref);
  if (!isServed(resource)) throw new SystoleError("INTERNAL", { provider: provider.slug, ...ref });
  return resource;
}
