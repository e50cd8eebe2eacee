/**
 * Newest wins. A document is put under its `_id` by an upsert that looks for the record's identity in an older
 * revision. When that finds nothing it inserts, which fails when the record stands in a newer revision (the
 * index on the identity) or when something has this `_id`. Then, by what is there:
 *
 * - The record itself, newer, or under another `_id` because it began at another time in an earlier revision:
 *   it is replaced where it stands if it is older. That is the last step: what it does not find is newer.
 * - Another record of the same person that began at the same time: the natural key is added to the `_id`.
 *
 * Each step is one operation that looks and writes, so that writers in other processes cannot come in between.
 */
import type { Db } from "mongodb";
import { DeliveryError } from "../destination.ts";
import type { Entry } from "../kit/documents/entries.ts";
import { type Draft, draftOf, type Id, idsOf, mostBytes } from "./document.ts";
import { isDocumentsFault, rejection, thrownFailure } from "./failure.ts";
import { type Refused, runStatements, type Statement, type Verdict } from "./statements.ts";

/** How often others may come in between before the delivery is put off. */
const rounds = 12;
const mostStatements = 500;

export class Writer {
  readonly #db: Db;
  readonly #signal: AbortSignal;
  readonly failures = new Map<Entry, DeliveryError>();

  constructor(db: Db, signal: AbortSignal) {
    this.#db = db;
    this.#signal = signal;
  }

  /** What fails is in `failures` afterwards. */
  async write(collection: string, entries: readonly Entry[]): Promise<void> {
    const drafts = await Promise.all(entries.map((entry) => this.#draft(entry, "whole")));
    let open: Statement[] = drafts
      .filter((draft) => draft !== null)
      .map((draft) => ({ draft, step: { put: idsOf(draft.entry)[0] } }));
    for (let round = 0; open.length > 0; round++) {
      if (round === rounds) return this.#giveUp(open);
      open = await this.#round(collection, open);
    }
  }

  async #draft(entry: Entry, form: Draft["form"]): Promise<Draft | null> {
    try {
      return await draftOf(entry, form, this.#signal);
    } catch (thrown) {
      this.failures.set(entry, thrownFailure(thrown, "update"));
      return null;
    }
  }

  #giveUp(open: readonly Statement[]): void {
    const reason = "others kept writing the same documents";
    for (const { draft } of open) {
      this.failures.set(draft.entry, new DeliveryError("DELIVERY_FAILED", "later", {}, { reason }));
    }
  }

  /** Runs the statements; answers those that are left to do. */
  async #round(collection: string, statements: readonly Statement[]): Promise<Statement[]> {
    const left: Statement[] = [];
    for (const some of chunks(statements)) left.push(...(await this.#run(collection, some)));
    return left;
  }

  async #run(collection: string, statements: readonly Statement[]): Promise<Statement[]> {
    const answered = await runStatements(this.#db, collection, statements, this.#signal);
    if (answered === "split") {
      const left = [];
      for (const each of statements) left.push(...(await this.#run(collection, [each])));
      return left;
    }
    const taken = statements.filter((_, index) => answered[index] === "id taken");
    const owners = await this.#owners(collection, taken);
    const next = statements.map((statement, index) =>
      this.#next(statement, answered[index] as Verdict, owners),
    );
    return (await Promise.all(next)).filter((statement) => statement !== null);
  }

  async #next(statement: Statement, verdict: Verdict, owners: Owners): Promise<Statement | null> {
    const { draft } = statement;
    if (verdict === "written") return null;
    if (verdict === "stands") return { draft, step: "replace" };
    if (verdict === "id taken") return nextId(statement, owners);
    if (verdict instanceof DeliveryError) {
      this.failures.set(draft.entry, verdict);
      return null;
    }
    return this.#otherForm(statement, verdict);
  }

  async #otherForm({ draft, step }: Statement, { refused }: Refused): Promise<Statement | null> {
    if (draft.form === "text" || !isDocumentsFault(refused)) {
      this.failures.set(draft.entry, rejection(refused));
      return null;
    }
    const text = await this.#draft(draft.entry, "text");
    return text === null ? null : { draft: text, step };
  }

  /** Whose documents have these ids. */
  async #owners(collection: string, taken: readonly Statement[]): Promise<Owners> {
    if (taken.length === 0) return { failure: null, identities: new Map() };
    const ids = taken.map(putId);
    const command = {
      find: collection,
      filter: { _id: { $in: ids } },
      projection: { "systole.identity": 1 },
      batchSize: ids.length,
      singleBatch: true,
    };
    try {
      const { cursor } = await this.#db.command(command, { signal: this.#signal });
      const found = cursor.firstBatch as { _id: Id; systole?: { identity?: string } }[];
      const identities = new Map(found.map(({ _id, systole }) => [keyOf(_id), systole?.identity]));
      return { failure: null, identities };
    } catch (thrown) {
      const failure = thrownFailure(thrown, "find");
      for (const { draft } of taken) this.failures.set(draft.entry, failure);
      return { failure, identities: new Map() };
    }
  }
}

interface Owners {
  /** They could not be asked for. */
  readonly failure: DeliveryError | null;
  /** By id; undefined for what is not ours. */
  readonly identities: ReadonlyMap<string, string | undefined>;
}

/** An id that was taken and is free again is tried again. */
function nextId(statement: Statement, { failure, identities }: Owners): Statement | null {
  if (failure !== null) return null;
  const { draft } = statement;
  const taken = putId(statement);
  if (!identities.has(keyOf(taken))) return statement;
  const [, second] = idsOf(draft.entry);
  const ours = identities.get(keyOf(taken)) === draft.entry.identity || keyOf(taken) === keyOf(second);
  return { draft, step: ours ? "replace" : { put: second } };
}

/** Only a `put` can find its id taken. */
function putId({ draft, step }: Statement): Id {
  return step === "replace" ? idsOf(draft.entry)[0] : step.put;
}

const keyOf = (id: Id): string => JSON.stringify(id);

/** As many as one command takes, by number and by size. */
function chunks(statements: readonly Statement[]): Statement[][] {
  const all: Statement[][] = [];
  let bytes = mostBytes;
  for (const statement of statements) {
    bytes += statement.draft.bytes;
    const last = all.at(-1);
    if (last !== undefined && bytes <= mostBytes && last.length < mostStatements) last.push(statement);
    else {
      all.push([statement]);
      bytes = statement.draft.bytes;
    }
  }
  return all;
}
