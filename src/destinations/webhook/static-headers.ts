/** Headers that a developer adds to every request: the names and values that are allowed. */
import { z } from "zod";

/** A header name as in RFC 9110, and a value that cannot be ended early to inject another header. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const printable = /^[\x20-\x7e]*$/;
const mostBytes = 8 * 1_024;

/** Headers that Systole sets: signatures, ids, and the description of the body. */
const ours = /^(content-.*|user-agent|terra-.*|x-terra-.*|x-systole-.*|webhook-.*)$/;
/** Headers of the connection itself. */
const connections =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|host|expect)$/;

export const staticHeaders = z.record(z.string(), z.string()).superRefine((headers, context) => {
  for (const problem of problemsOf(Object.entries(headers))) {
    context.addIssue({ code: "custom", message: problem });
  }
});

/** Messages may quote the names of headers, never their values, which are secrets. */
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
