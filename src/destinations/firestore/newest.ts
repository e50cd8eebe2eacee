/**
 * Newest wins. A query tells where the record's identity stands, in which revision and since when; wherever it
 * began in an earlier revision, there it stays. What stands in an older revision is overwritten on condition that
 * it is still that one, what stands nowhere is created where nothing is, and a newer revision is left alone. Who
 * comes in between from another process makes the write fail, and all is looked at again. A name that another
 * record has is left to it, and the next of ours is tried.
 */
import { setTimeout as pause } from "node:timers/promises";
import { errorMessage } from "../../errors.ts";
import { DeliveryError } from "../destination.ts";
import type { Entry } from "../kit/documents/entries.ts";
import { rejection, rpcCode, type Status, writeFailure } from "./answer.ts";
import { type Api, type Found, permissionOf, type Write } from "./api.ts";
import { type Draft, draftOf, parent, pathsOf } from "./document.ts";

/** How often others may come in between before the delivery is put off. */
const rounds = 20;
/** As many as a query may ask for at once. */
const mostValues = 30;
const mostWrites = 100;
const mostJson = 8 * 1_024 * 1_024;
/** Writers that met each other do not meet again at once. */
const pauseMs = 25;

/** What is still to be written, and how many of its names were found taken. */
interface Open {
  readonly draft: Draft;
  readonly taken: number;
}

interface Attempt {
  readonly open: Open;
  readonly write: Write;
}

export class Writer {
  readonly #api: Api;
  readonly #signal: AbortSignal;
  readonly failures = new Map<Entry, DeliveryError>();

  constructor(api: Api, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** What fails is in `failures` afterwards. */
  async write(entries: readonly Entry[]): Promise<void> {
    const drafts = await Promise.all(entries.map((entry) => this.#draft(entry, "whole")));
    let open: Open[] = drafts.filter((draft) => draft !== null).map((draft) => ({ draft, taken: 0 }));
    for (let round = 0; open.length > 0; round++) {
      if (round === rounds) return this.#fail(open, putOff());
      if (round > 1) await pause(Math.random() * pauseMs * round, undefined, { signal: this.#signal });
      try {
        open = await this.#round(open);
      } catch (thrown) {
        return this.#fail(open, thrown);
      }
    }
  }

  async #draft(entry: Entry, form: Draft["form"]): Promise<Draft | null> {
    try {
      return await draftOf(entry, form, this.#signal);
    } catch (thrown) {
      this.failures.set(entry, asDeliveryError(thrown));
      return null;
    }
  }

  #fail(open: readonly Open[], thrown: unknown): void {
    const failure = asDeliveryError(thrown);
    for (const { draft } of open) this.failures.set(draft.entry, failure);
  }

  /** Answers what is left to do. */
  async #round(open: readonly Open[]): Promise<Open[]> {
    const standing = await this.#standing(open);
    const attempts = open.flatMap((each) => attemptFor(each, standing.get(each.draft.entry.identity)));
    // A request may write a document once. Who shares a name with one before finds it taken the next time.
    const paths = new Set<string>();
    const [first, waiting] = [[] as Attempt[], [] as Attempt[]];
    for (const attempt of attempts) {
      (paths.has(attempt.write.path) ? waiting : first).push(attempt);
      paths.add(attempt.write.path);
    }
    const left = await Promise.all(chunks(first).map((some) => this.#write(some)));
    return [...left.flat(), ...waiting.map((attempt) => attempt.open)];
  }

  /** What is there of these records, by identity; of several documents the newest. */
  async #standing(open: readonly Open[]): Promise<Map<string, Standing>> {
    const queries = [...Map.groupBy(open, ({ draft }) => draft.entry.collection)].flatMap(
      ([collection, some]) =>
        piecesOf(some, mostValues).map((piece) =>
          this.#find(
            collection,
            piece.map(({ draft }) => draft.entry.identity),
          ),
        ),
    );
    const all = (await Promise.all(queries)).flat();
    all.sort((one, other) => one.revision - other.revision);
    return new Map(all.map((standing) => [standing.identity, standing]));
  }

  async #find(collection: string, identities: readonly string[]): Promise<Standing[]> {
    const select = ["systole.identity", "systole.revision"];
    const query = { parent, collection, field: "systole.identity", values: identities, select };
    return (await this.#api.find(query, this.#signal)).map(standingOf);
  }

  async #write(attempts: readonly Attempt[]): Promise<Open[]> {
    const writes = attempts.map(({ write }) => write);
    const statuses = await this.#api.batchWrite(writes, this.#signal).catch((thrown: unknown) => {
      this.#fail(
        attempts.map(({ open }) => open),
        thrown,
      );
      return null;
    });
    if (statuses === null) return [];
    if (statuses === "split") {
      const left = [];
      for (const attempt of attempts) left.push(...(await this.#write([attempt])));
      return left;
    }
    const next = attempts.map((attempt, index) => this.#next(attempt, statuses[index] ?? {}));
    return (await Promise.all(next)).filter((open) => open !== null);
  }

  async #next({ open, write }: Attempt, status: Status): Promise<Open | null> {
    switch (status.code ?? rpcCode.ok) {
      case rpcCode.ok:
        return null;
      case rpcCode.alreadyExists:
        return { ...open, taken: open.taken + 1 };
      case rpcCode.failedPrecondition:
      case rpcCode.notFound:
      case rpcCode.aborted:
        return open;
      case rpcCode.invalidArgument:
        return this.#otherForm(open, status);
      default:
        this.failures.set(open.draft.entry, writeFailure(status, permissionOf([write])));
        return null;
    }
  }

  async #otherForm(open: Open, status: Status): Promise<Open | null> {
    const { entry, form } = open.draft;
    if (form === "text") {
      this.failures.set(entry, rejection(status));
      return null;
    }
    const draft = await this.#draft(entry, "text");
    return draft === null ? null : { ...open, draft };
  }
}

/** A record that is there. */
interface Standing extends Pick<Found, "path" | "updateTime"> {
  readonly identity: string;
  /** 0 for an event, which never changes. */
  readonly revision: number;
}

function standingOf({ path, updateTime, fields }: Found): Standing {
  const { mapValue } = fields.systole as { mapValue: { fields: Record<string, Record<string, string>> } };
  const { identity, revision } = mapValue.fields;
  return {
    path,
    updateTime,
    identity: identity?.stringValue ?? "",
    revision: Number(revision?.integerValue ?? 0),
  };
}

/** None where something newer stands. */
function attemptFor(open: Open, standing: Standing | undefined): Attempt[] {
  const { entry, json } = open.draft;
  if (standing !== undefined) {
    if (standing.revision > (entry.revision ?? 0)) return [];
    const { path, updateTime } = standing;
    return [{ open, write: { path, json, condition: { updateTime } } }];
  }
  const paths = pathsOf(entry);
  const path = paths[Math.min(open.taken, paths.length - 1)] as string;
  return [{ open, write: { path, json, condition: { exists: false } } }];
}

/** As many as one request takes, by number and by size. */
function chunks(attempts: readonly Attempt[]): Attempt[][] {
  const all: Attempt[][] = [];
  let json = mostJson;
  for (const attempt of attempts) {
    json += attempt.write.json.length;
    const last = all.at(-1);
    if (last !== undefined && json <= mostJson && last.length < mostWrites) last.push(attempt);
    else {
      all.push([attempt]);
      json = attempt.write.json.length;
    }
  }
  return all;
}

function piecesOf<Item>(items: readonly Item[], length: number): Item[][] {
  const pieces: Item[][] = [];
  for (let from = 0; from < items.length; from += length) pieces.push(items.slice(from, from + length));
  return pieces;
}

const putOff = (): DeliveryError => failed("others kept writing the same documents");

const failed = (reason: string, cause?: unknown): DeliveryError =>
  new DeliveryError("DELIVERY_FAILED", "later", {}, { reason, cause });

/** Undici wraps what a look-up or a socket threw. */
function asDeliveryError(thrown: unknown): DeliveryError {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DeliveryError) return cause;
  }
  return failed(errorMessage(thrown), thrown);
}
