/** Server-sent events to one listener, as long as the listener may listen. */
import { PassThrough, type Readable } from "node:stream";
import { SystoleError } from "../../errors.ts";
import type { Happenings } from "../../store/live.ts";
import type { Feed } from "./feed.ts";

const lookMs = 15_000;
/** A listener who does not read is sent away. */
const mostUnreadBytes = 1024 * 1024;
const mostStreams = 100;
const mostOfOne = 10;

export interface StreamRequest {
  readonly environmentId: string;
  /** The id of the operator or account. */
  readonly listener: string;
  /** Looked at now and then: the stream ends with the session or the token. */
  mayListen(): Promise<boolean>;
}

export class Streams {
  readonly #feed: Feed;
  readonly #open = new Map<PassThrough, string>();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  /** Ends all of them: the server stops. */
  close(): void {
    for (const stream of this.#open.keys()) stream.end();
  }

  /** @throws SystoleError STREAMS_TOO_MANY */
  open({ environmentId, listener, mayListen }: StreamRequest): Readable {
    const own = [...this.#open.values()].filter((one) => one === listener);
    if (this.#open.size >= mostStreams || own.length >= mostOfOne) throw new SystoleError("STREAMS_TOO_MANY");
    const stream = new PassThrough();
    this.#open.set(stream, listener);
    // Proxies pass on what they are sent only once they have something.
    stream.write(": listening\n\n");
    const leave = this.#feed.listen(environmentId, (news) => send(stream, news));
    const look = setInterval(() => void keepAlive(stream, mayListen), lookMs).unref();
    stream.once("close", () => {
      clearInterval(look);
      leave();
      this.#open.delete(stream);
    });
    return stream;
  }
}

function send(stream: PassThrough, { events, attempts, received }: Happenings): void {
  const messages = [
    ...events.map((event) => message("event", { ...event, id: event.event_id })),
    ...attempts.map((attempt) => message("attempt", { ...attempt, id: attempt.attempt_id })),
    ...received.map((request) => message("received", { ...request, id: request.request_id })),
  ];
  if (messages.length === 0 || stream.writableEnded) return;
  stream.write(messages.join(""));
  if (stream.readableLength + stream.writableLength > mostUnreadBytes) stream.destroy();
}

const message = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

async function keepAlive(stream: PassThrough, mayListen: () => Promise<boolean>): Promise<void> {
  const isAllowed = await mayListen().catch(() => false);
  if (stream.writableEnded) return;
  if (isAllowed) stream.write(": still here\n\n");
  else stream.end("event: end\ndata: {}\n\n");
}
