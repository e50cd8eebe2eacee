/**
 * Converts records into other formats without keeping the process from its other work: what is large is converted in a
 * worker thread, what is small here, since handing it over would take longer. docs/adr/0070 says more.
 */
import path from "node:path";
import { SystoleError } from "../errors.ts";
import { type Conversion, type Conversions, conversions } from "../export/conversions.ts";
import type { JoinedBody } from "../export/joined.ts";
import { type PoolLimits, WorkerDiedError, WorkerPool } from "../threads/worker-pool.ts";
import type { ConversionAnswer, ConversionTask } from "./messages.ts";

const usual: PoolLimits = { workers: 1, memoryMb: 1_024, timeMs: 60_000, restMs: 30_000 };
/** The length of JSON text that is converted within a few milliseconds. */
const smallBytes = 256 * 1_024;

/** The worker's file: JavaScript in a published build, TypeScript in a checkout, as this file is. */
const file = new URL(`./worker${path.extname(import.meta.filename)}`, import.meta.url);

export class Converter {
  readonly #pool: WorkerPool<ConversionTask, ConversionAnswer>;

  constructor(limits: Partial<PoolLimits> = {}) {
    const closed = () => new SystoleError("INTERNAL", { reason: "the process stops" });
    this.#pool = new WorkerPool({ ...usual, ...limits, file, closed });
  }

  /** @throws SystoleError INTERNAL where the thread has not enough memory or time; the reason of the signal that ends it */
  async convert<Kind extends Conversion>(
    kind: Kind,
    task: Conversions[Kind]["task"],
    signal?: AbortSignal,
  ): Promise<Conversions[Kind]["result"]> {
    signal?.throwIfAborted();
    if (sizeOf(task) <= smallBytes) return conversions[kind](task);
    const answer = await this.#pool.ask({ kind, task } as ConversionTask, signal).catch(asSystoleError);
    if (!answer.ok) throw new SystoleError("INTERNAL", { reason: answer.reason });
    return withBuffers(answer.result as Conversions[Kind]["result"]);
  }

  /** Ends the running and the waiting conversions. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}

type AnyTask = Conversions[Conversion]["task"];
type AnyResult = Conversions[Conversion]["result"];

function sizeOf(task: AnyTask): number {
  if (!("event" in task)) return task.records.reduce((sum, { json }) => sum + json.length, 0);
  const { body, formers = [] } = task.event;
  const bodies = new Set([body, ...formers.map((former) => former.body)]);
  return [...bodies].reduce((sum, one) => sum + one.length, 0);
}

function asSystoleError(error: unknown): never {
  if (!(error instanceof WorkerDiedError)) throw error;
  throw new SystoleError("INTERNAL", { reason: `the conversion: ${error.reason}` }, { cause: error });
}

/** Between threads a Buffer becomes a plain array of bytes. */
function withBuffers<Result extends AnyResult>(result: Result): Result {
  if (!("body" in result)) return result;
  const { body } = result;
  const records = "records" in result ? { records: result.records.map((one) => one && withBuffer(one)) } : {};
  return { ...result, ...records, body: body && withBuffer(body) };
}

const withBuffer = <Body extends JoinedBody>(body: Body): Body => {
  const { buffer, byteOffset, byteLength } = body.bytes;
  return { ...body, bytes: Buffer.from(buffer, byteOffset, byteLength) };
};
