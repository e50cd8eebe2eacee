/**
 * The HTTP client for all providers' APIs. Connections are pooled and pass the address guard; redirects are not
 * followed; answers are limited in size and time.
 */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Agent, type Dispatcher, errors } from "undici";
import { type HttpRequest, type ProviderContext, ProviderError, type ProviderHttp } from "../provider.ts";

const maxBodyBytes = 64 * 1024 * 1024;
const silenceMs = 30_000;

const opened = new WeakMap<ProviderContext, ProviderHttp>();

/** Returns an HTTP client with one pool for each guard. Connections belong to the host, credentials to the request. */
export function providerHttp(context: ProviderContext): ProviderHttp {
  const known = opened.get(context);
  if (known !== undefined) return known;
  const http = openHttp(context);
  opened.set(context, http);
  return http;
}

function openHttp(context: ProviderContext): ProviderHttp {
  const agent = new Agent({
    connections: 32,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    maxResponseSize: maxBodyBytes,
    connect: { lookup: context.lookup },
  });
  return {
    async send(request) {
      const url = new URL(request.url);
      context.assertUrlAllowed(url);
      const { response, received } = await exchange(agent, url, request);
      const { statusCode: status, headers } = response;
      return { status, headers, body: await decode(received, headers["content-encoding"], url.pathname) };
    },
  };
}

async function exchange(
  agent: Agent,
  url: URL,
  { method, headers, body = null, signal }: HttpRequest,
): Promise<{ response: Dispatcher.ResponseData; received: Buffer }> {
  try {
    const response = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      signal,
      headers: { "accept-encoding": "gzip", ...headers },
      body,
    });
    return { response, received: Buffer.from(await response.body.arrayBuffer()) };
  } catch (cause) {
    if (cause instanceof errors.ResponseExceededMaxSizeError) throw tooLarge(url.pathname, cause);
    throw unreachable(url.pathname, cause);
  }
}

async function decode(
  received: Buffer,
  encoding: string | string[] | undefined,
  path: string,
): Promise<Buffer> {
  if (encoding !== "gzip" || received.length === 0) return received;
  try {
    return await promisify(gunzip)(received, { maxOutputLength: maxBodyBytes });
  } catch (cause) {
    const overflow = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    throw overflow ? tooLarge(path, cause) : unreachable(path, cause);
  }
}

/** The error when no answer came: a name that does not resolve, a refused connection, a reset, a timeout. */
function unreachable(path: string, cause: unknown): ProviderError {
  // The guard refuses from inside the look-up.
  if (cause instanceof ProviderError) return cause;
  return new ProviderError("PROVIDER_UNAVAILABLE", "later", { path }, { cause });
}

function tooLarge(path: string, cause: unknown): ProviderError {
  const details = { path, limit_bytes: maxBodyBytes };
  return new ProviderError("PROVIDER_BODY_TOO_LARGE", "never", details, { cause });
}
