/** Headers that a developer adds to every request: what they may be called, and what may stand in them. */
import { z } from "zod";

/** A header name as RFC 9110 has it, and a value that nobody can end early and continue with a header of their own. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const printable = /^[\x20-\x7e]*$/;
const mostBytes = 8 * 1_024;

/** Ours: signatures, ids, and what says how the body is to be read. */
const ours = /^(content-.*|user-agent|terra-.*|x-terra-.*|x-systole-.*|webhook-.*)$/;
/** Between us and the next hop, or between us and the receiver's server, and nobody else's to set. */
const connections =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|host|expect)$/;

export const staticHeaders = z.record(z.string(), z.string()).superRefine((headers, context) => {
  for (const problem of problemsOf(Object.entries(headers))) {
    context.addIssue({ code: "custom", message: problem });
  }
});

/** Names may be repeated to whoever sent them; values are secrets. */
function problemsOf(headers: readonly (readonly [name: string, value: string])[]): string[] {
  const names = headers.map(([name]) => name.toLowerCase());
  const bytes = headers.flat().reduce((sum, text) => sum + text.length, 0);
  return [
    ...headers.flatMap(([name, value]) => problemOf(name, value) ?? []),
    ...(new Set(names).size < names.length ? ["name the same header twice"] : []),
    ...(bytes > mostBytes ? [`must not be larger than ${mostBytes} bytes together`] : []),
  ];
}

function problemOf(name: string, value: string): string | null {
  if (!token.test(name)) return `${JSON.stringify(name)} is not a header's name`;
  if (ours.test(name.toLowerCase())) return `${name} is set by Systole`;
  if (connections.test(name.toLowerCase())) return `${name} belongs to the connection`;
  return printable.test(value) ? null : `${name} must be printable ASCII on one line`;
}
