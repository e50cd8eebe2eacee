/** The server of an invented provider: the kit's test server, with routes that answer in JSON. */
import { type Asked, startServer } from "../../src/providers/kit/testing/server.ts";

export interface AskedRequest extends Omit<Asked, "url"> {
  readonly url: URL;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

type Routes = (request: AskedRequest) => Reply | Promise<Reply>;

export interface InventedServer {
  readonly url: string;
  readonly asked: readonly AskedRequest[];
  close(): Promise<void>;
}

/** Starts a server that calls `answer` for each request. An error is answered with 500 and its message. */
export async function startInvented(answer: Routes): Promise<InventedServer> {
  const asked: AskedRequest[] = [];
  const server = await startServer();
  server.script = async ({ url, ...others }) => {
    const request = { ...others, url: new URL(url, server.url) };
    asked.push(request);
    const { status = 200, headers = {}, json } = await replyTo(answer, request);
    return { status, headers, body: json === undefined ? "" : JSON.stringify(json) };
  };
  return { url: server.url, asked, close: () => server.close() };
}

async function replyTo(answer: Routes, request: AskedRequest): Promise<Reply> {
  try {
    return await answer(request);
  } catch (error) {
    return { status: 500, json: { error: String(error) } };
  }
}

/** Sends the browser back with a code, as a consent page does when the person agrees. */
export function agreed({ url }: AskedRequest, code: string): Reply {
  const back = new URL(url.searchParams.get("redirect_uri") ?? "");
  back.searchParams.set("code", code);
  back.searchParams.set("state", url.searchParams.get("state") ?? "");
  return { status: 302, headers: { location: back.href } };
}

/** Returns the request's bearer token; empty where it has none. */
export const tokenOf = ({ headers }: AskedRequest): string =>
  headers.authorization?.slice("Bearer ".length) ?? "";

/** Returns the days within a query's range, by their own dates. */
export function daysBetween<Day extends { readonly day: string }>(url: URL, days: readonly Day[]): Day[] {
  const [from = "", to = ""] = [url.searchParams.get("from"), url.searchParams.get("to")].map(String);
  return days.filter(({ day }) => from <= day && day <= to);
}
