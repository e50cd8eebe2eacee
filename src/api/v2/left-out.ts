/** Names what could not be expressed in a format, in headers: a file has no place for it. */
import type { FastifyReply } from "fastify";
import type { LeftOutOfEvent } from "../../export/event-form.ts";

/** Proxies take 4 kB for all headers at the least. */
const longest = 2_000;

/**
 * Sets `x-systole-left-out`, a JSON list of `{record, field, reason}` in ASCII, where there is anything to say, and
 * `x-systole-left-out-total`: the list ends where it would be too long for a header.
 */
export function nameLeftOut(reply: FastifyReply, leftOut: readonly LeftOutOfEvent[]): void {
  if (leftOut.length === 0) return;
  const named: string[] = [];
  let length = 2;
  for (const one of leftOut) {
    const text = inAscii(JSON.stringify(one));
    length += text.length + 1;
    if (length > longest) break;
    named.push(text);
  }
  reply.headers({
    "x-systole-left-out": `[${named.join(",")}]`,
    "x-systole-left-out-total": String(leftOut.length),
  });
}

/** A natural key may be any text. */
const inAscii = (json: string): string =>
  json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
