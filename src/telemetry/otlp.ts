/**
 * Sends spans to OpenTelemetry, by its standard environment variables. Its packages are loaded only when an endpoint is
 * set. A trace id is ours without its dashes, so that a log line leads to the trace: what follows from one notification
 * is one trace, whichever processes did it. Its first span is that of the request, and has an id that the others know.
 */
import type { Context } from "@opentelemetry/api";
import { type FinishedSpan, listenToSpans } from "./spans.ts";

export interface Tracing {
  /** Sends what is left. */
  stop(): Promise<void>;
}

const endpoints = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

const isWanted = (env: NodeJS.ProcessEnv): boolean =>
  endpoints.some((name) => env[name]) &&
  env.OTEL_SDK_DISABLED !== "true" &&
  env.OTEL_TRACES_EXPORTER !== "none";

/** Returns null where no endpoint is set. */
export async function startTracing(env: NodeJS.ProcessEnv, version: string): Promise<Tracing | null> {
  if (!isWanted(env)) return null;
  const [api, { OTLPTraceExporter }, resources, sdk] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/exporter-trace-otlp-proto"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/sdk-trace-base"),
  ]);
  // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES stand above our own.
  const own = resources.resourceFromAttributes({ "service.name": "systole", "service.version": version });
  const given = resources.detectResources({ detectors: [resources.envDetector] });
  const random = new sdk.RandomIdGenerator();
  let first: string | null = null;
  const provider = new sdk.BasicTracerProvider({
    resource: own.merge(given),
    idGenerator: {
      generateTraceId: () => first ?? random.generateTraceId(),
      generateSpanId: () => (first === null ? random.generateSpanId() : spanIdOf(first)),
    },
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer("systole", version);

  const parentOf = (traceId: string): Context =>
    api.trace.setSpanContext(api.ROOT_CONTEXT, {
      traceId,
      spanId: spanIdOf(traceId),
      traceFlags: api.TraceFlags.SAMPLED,
      isRemote: true,
    });

  function send(span: FinishedSpan): void {
    const traceId = traceIdOf(span.traceId);
    if (traceId === null) return;
    const endTime = Date.now();
    const kind = span.isFirst === true ? api.SpanKind.SERVER : api.SpanKind.INTERNAL;
    const options = { kind, startTime: endTime - span.durationMs, attributes: present(span.attributes) };
    first = span.isFirst === true ? traceId : null;
    const started = tracer.startSpan(
      span.name,
      options,
      first === null ? parentOf(traceId) : api.ROOT_CONTEXT,
    );
    first = null;
    if (span.code !== null) started.setStatus({ code: api.SpanStatusCode.ERROR, message: span.code });
    started.end(endTime);
  }

  listenToSpans(send);
  return {
    async stop() {
      listenToSpans(null);
      await provider.shutdown();
    },
  };
}

/** Null for an id that is none of ours: a reference of a request, for one. */
function traceIdOf(traceId: string): string | null {
  const [uuid = ""] = traceId.split(":");
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(uuid) ? uuid.replaceAll("-", "") : null;
}

/** The id of a trace's first span: every process can tell it. */
const spanIdOf = (traceId: string): string => traceId.slice(16);

const present = (attributes: FinishedSpan["attributes"]): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(attributes).filter(
      (entry): entry is [string, string | number] => entry[1] !== null && entry[1] !== undefined,
    ),
  );
