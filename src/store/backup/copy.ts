/**
 * PostgreSQL's COPY over a connection of the driver, which itself knows the messages and not the command. Rows stream
 * through: neither side is read further than it is written.
 */
import { once } from "node:events";
import type { Duplex } from "node:stream";
import type pg from "pg";

/** What the driver's connection has and its types leave out. */
interface Wire {
  readonly stream: Duplex;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** The messages that the driver hands to the query under way. */
abstract class CopyQuery {
  readonly #text: string;
  readonly #end = Promise.withResolvers<void>();
  protected wire: Wire | null = null;

  constructor(text: string) {
    this.#text = text;
    // The error reaches whoever reads or writes; nobody else has to wait for it.
    this.#end.promise.catch(() => {});
  }

  /** Resolves when the connection is free again. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  submit(connection: unknown): void {
    this.wire = connection as Wire;
    this.wire.query(this.#text);
  }

  handleError(error: Error): void {
    this.#end.reject(error);
    this.woken();
  }

  handleReadyForQuery(): void {
    this.#end.resolve();
    this.woken();
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handleCopyData(_message: { readonly chunk: Buffer }): void {}
  handleCopyInResponse(): void {}

  protected woken(): void {}
}

class CopyOut extends CopyQuery {
  readonly waiting: Buffer[] = [];
  isOver = false;
  #wake: () => void = () => {};

  override handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    // The driver uses its buffer again.
    this.waiting.push(Buffer.from(chunk));
    if (this.waiting.length >= 64) this.wire?.stream.pause();
    this.#wake();
  }

  override handleReadyForQuery(): void {
    this.#over();
    super.handleReadyForQuery();
  }

  override handleError(error: Error): void {
    this.#over();
    super.handleError(error);
  }

  /** The last rows may have paused the stream, on which the next statement's answer comes. */
  #over(): void {
    this.isOver = true;
    this.wire?.stream.resume();
  }

  protected override woken(): void {
    this.#wake();
  }

  async more(): Promise<void> {
    if (this.waiting.length > 0 || this.isOver) return;
    this.wire?.stream.resume();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Yields what `COPY … TO STDOUT` answers, row by row. It has to be read to its end. @throws the database's error */
export async function* copyOut(client: pg.Client, statement: string): AsyncGenerator<Buffer> {
  const query = client.query(new CopyOut(statement));
  for (;;) {
    await query.more();
    for (let row = query.waiting.shift(); row !== undefined; row = query.waiting.shift()) yield row;
    if (query.isOver && query.waiting.length === 0) break;
  }
  await query.ended;
}

class CopyIn extends CopyQuery {
  readonly #begun = Promise.withResolvers<Wire>();

  override handleCopyInResponse(): void {
    if (this.wire !== null) this.#begun.resolve(this.wire);
  }

  override handleError(error: Error): void {
    this.#begun.reject(error);
    super.handleError(error);
  }

  get begun(): Promise<Wire> {
    return this.#begun.promise;
  }
}

/** Feeds `COPY … FROM STDIN`. @throws the database's error; the error of the chunks, after the copy was broken off */
export async function copyIn(
  client: pg.Client,
  statement: string,
  chunks: AsyncIterable<Buffer>,
): Promise<void> {
  const query = client.query(new CopyIn(statement));
  const wire = await query.begun;
  try {
    for await (const chunk of chunks) {
      wire.sendCopyFromChunk(chunk);
      if (wire.stream.writableNeedDrain) await Promise.race([once(wire.stream, "drain"), query.ended]);
    }
  } catch (error) {
    wire.sendCopyFail("the backup ends early");
    await query.ended.catch(() => {});
    throw error;
  }
  wire.endCopyFrom();
  await query.ended;
}
