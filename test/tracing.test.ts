/** OpenTelemetry's traces, as a receiver of OTLP gets them: one from the notification to the delivery. */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addWebhook, connectPerson, syncWatch } from "../src/demo/person.ts";
import { type RunningSandbox, startSandbox } from "../src/sandbox/polar/standalone.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { type SystoleProcess, startSystoleProcess } from "./support/process.ts";
import { polarEnvironment, waitForWebhook } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
}

/** Reads the fields of a message of protocol buffers: the bytes of each by its number. */
function fieldsOf(message: Buffer): Map<number, Buffer[]> {
  const fields = new Map<number, Buffer[]>();
  let at = 0;
  const number = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(message[at++] ?? 0);
      value |= (byte & 127n) << shift;
      if (byte < 128n) return Number(value);
    }
  };
  while (at < message.length) {
    const tag = number();
    const type = tag & 7;
    const bytes = type === 2 ? number() : type === 1 ? 8 : type === 5 ? 4 : 0;
    if (type === 0) number();
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), message.subarray(at, at + bytes)]);
    at += bytes;
  }
  return fields;
}

const within = (message: Buffer, field: number): Buffer[] => fieldsOf(message).get(field) ?? [];

/** ExportTraceServiceRequest → resource_spans (1) → scope_spans (2) → spans (2). */
function spansIn(request: Buffer): Span[] {
  const scopes = within(request, 1).flatMap((resource) => within(resource, 2));
  return scopes
    .flatMap((scope) => within(scope, 2))
    .map((span) => {
      const hex = (field: number): string => within(span, field)[0]?.toString("hex") ?? "";
      return { traceId: hex(1), spanId: hex(2), parentSpanId: hex(4), name: String(within(span, 5)[0]) };
    });
}

describe("with OTEL_EXPORTER_OTLP_ENDPOINT", () => {
  const spans: Span[] = [];
  const requests: { readonly path: string; readonly header: string | undefined; readonly body: Buffer }[] =
    [];
  const hooks: string[] = [];
  let directory: string;
  let collector: Server;
  let receiver: Server;
  let sandbox: RunningSandbox;
  let systole: SystoleProcess;
  let port: string;
  beforeAll(async () => {
    directory = mkdtempSync(path.join(os.tmpdir(), "systole-tracing-"));
    collector = await serve((url, headers, body) => {
      const plain = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      requests.push({ path: url, header: headers["x-team"] as string | undefined, body: plain });
      spans.push(...spansIn(plain));
    });
    receiver = await serve((url) => void hooks.push(url));
    sandbox = await startSandbox({ port: 0 });
    port = String(await freePort());
    systole = await startSystoleProcess({
      ...polarEnvironment(sandbox),
      SYSTOLE_DATA_DIR: directory,
      SYSTOLE_PORT: port,
      SYSTOLE_PUBLIC_URL: `http://127.0.0.1:${port}`,
      SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
      SYSTOLE_LOG_LEVEL: "silent",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(collector)}`,
      OTEL_EXPORTER_OTLP_HEADERS: "x-team=hearts",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
      OTEL_SERVICE_NAME: "our-systole",
      OTEL_BSP_SCHEDULE_DELAY: "200",
    });
    await waitForWebhook(sandbox);
  });
  afterAll(async () => {
    expect(await systole.stop()).toBe(0);
    await sandbox.close();
    for (const server of [collector, receiver]) await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true, force: true });
  });

  async function serve(
    take: (url: string, headers: NodeJS.Dict<string | string[]>, body: Buffer) => void,
  ): Promise<Server> {
    const server = createServer(async (request, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      take(request.url ?? "", request.headers, Buffer.concat(chunks));
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  }
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  it("a notification, its fetches and its deliveries are one trace, below the span of the request", async () => {
    const [, adminToken = "", devId = "", apiKey = ""] =
      /ADMIN_TOKEN=(\S+) DEV_ID=(\S+) API_KEY=(\S+)/.exec(systole.output()) ?? [];
    const url = `http://127.0.0.1:${port}`;
    const server = { url, sandboxUrl: sandbox.url, provider: "polar", devId, apiKey, adminToken };
    await addWebhook(server, `http://127.0.0.1:${portOf(receiver)}/hook`);
    await syncWatch(server, await connectPerson(server, "person-1"), 1);
    const whole = (): Span[] => {
      const roots = spans.filter(({ name }) => name.startsWith("POST /v2/hooks"));
      const traces = roots.map(({ traceId }) => spans.filter((span) => span.traceId === traceId));
      const names = (trace: readonly Span[]): string => trace.map(({ name }) => name).join();
      return traces.find((trace) => /fetch polar/.test(names(trace)) && /deliver /.test(names(trace))) ?? [];
    };
    await waitFor("a trace with a delivery", () => whole().length > 0);
    const [root, ...others] = whole().sort((one) => (one.name.startsWith("POST") ? -1 : 1));
    expect(root?.parentSpanId).toBe("");
    expect(new Set(others.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([root?.spanId]));
    expect(new Set(whole().map(({ spanId }) => spanId)).size).toBe(whole().length);
    expect(hooks.length).toBeGreaterThan(0);
  });

  it("the other standard variables are obeyed, and no health data is in what is sent", () => {
    expect(new Set(requests.map(({ path: url }) => url))).toEqual(new Set(["/v1/traces"]));
    expect(new Set(requests.map(({ header }) => header))).toEqual(new Set(["hearts"]));
    const text = Buffer.concat(requests.map(({ body }) => body)).toString("latin1");
    expect(text).toContain("our-systole");
    expect(text).toContain("deployment.environment.name");
    expect(text).not.toMatch(/heart_rate|person-1|bpm/);
  });
});
