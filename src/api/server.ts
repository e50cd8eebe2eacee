/** The HTTP server: one app, one trace id for each request, one log line for each answer. */
import formbody from "@fastify/formbody";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import { buildDirectoryOf, checkout } from "../dashboard/sources.ts";
import { SystoleError } from "../errors.ts";
import { recordSpan } from "../telemetry/spans.ts";
import { newTraceId } from "../telemetry/trace.ts";
import { adminRoutes } from "./admin/routes.ts";
import { KeyCheck } from "./auth.ts";
import { useBodyParsers } from "./bodies.ts";
import { connectRoutes } from "./connect/routes.ts";
import {
  assertHost,
  type ConnectionLimits,
  limitingOptions,
  limitServer,
  usualLimits,
} from "./connection-limits.ts";
import { dashboardRoutes } from "./dashboard.ts";
import { docsRoutes, useOpenApi } from "./docs.ts";
import { sendProblem } from "./errors.ts";
import { fhirRoutes } from "./fhir/routes.ts";
import { healthRoutes, metricsRoute } from "./health.ts";
import { adminHomeRoute, homeRoute } from "./home.ts";
import { receiverRoute } from "./receivers.ts";
import { type Api, validatorCompiler, type ZodTypes } from "./schema.ts";
import type { ApiServices } from "./services.ts";
import { uploadSchemaRoute } from "./upload-schema.ts";
import { v2Routes } from "./v2/routes.ts";

/** Large enough for ten thousand user ids; no other request needs as much. */
const bodyLimit = 1024 * 1024;

export interface ServerOptions {
  /** `public`: without /admin/v1 and /metrics; `admin`: those, and the routes that every port has. */
  readonly serves?: "everything" | "public" | "admin";
  /** Proxies whose statement of the caller's address is trusted. */
  readonly trustedProxies?: readonly string[];
  readonly limits?: ConnectionLimits;
  /** The folder of the built dashboard. */
  readonly dashboard?: string;
}

export function createServer(
  services: ApiServices,
  {
    serves = "everything",
    trustedProxies = [],
    limits = usualLimits,
    dashboard = buildDirectoryOf(checkout),
  }: ServerOptions = {},
): FastifyInstance {
  const app = fastify({
    ...limitingOptions(limits),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    loggerInstance: services.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "trace_id" }),
    requestIdHeader: false,
    genReqId: newTraceId,
    bodyLimit,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => {
      markAnswer(request, reply);
      sendProblem(error, request, reply);
    },
  });
  limitServer(app.server, limits);
  app.setValidatorCompiler(validatorCompiler);
  // Response schemas are documentation only: bodies are sent as the handlers made them, with unknown keys.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new SystoleError("ROUTE_NOT_FOUND"), request, reply),
  );
  app.addHook("onRequest", async (request, reply) => {
    markAnswer(request, reply);
    assertHost(request.raw);
  });
  app.addHook("onResponse", async (request, reply) => logAnswer(request, reply));
  app.decorateRequest("environment", null);
  app.decorateRequest("isRefusalCounted", false);
  useBodyParsers(app);
  app.register(formbody);
  useOpenApi(app, services);
  // In a plugin, so that the OpenAPI plugin is active before the first route is declared.
  app.register(async (plugin) => {
    const scope = plugin.withTypeProvider<ZodTypes>();
    const keys = new KeyCheck(services.store.db);
    healthRoutes(scope, services);
    docsRoutes(scope);
    homeRoute(scope, services, serves !== "public");
    if (serves !== "admin") publicRoutes(scope, services, keys);
    if (serves !== "public") {
      metricsRoute(scope, services);
      adminRoutes(scope, services, keys);
      adminHomeRoute(scope);
      dashboardRoutes(scope, dashboard);
    }
  });
  return app;
}

function publicRoutes(app: Api, services: ApiServices, keys: KeyCheck): void {
  v2Routes(app, services, keys);
  fhirRoutes(app, services, keys);
  connectRoutes(app, services);
  app.register(services.hooks);
  app.register(services.uploads);
  app.register(services.files);
  app.register(uploadSchemaRoute(services.providers));
  app.register(services.openWearables);
  app.register(receiverRoute(services.store));
}

/** Makes the server of a process that only works: health checks and metrics, and nothing else. */
export function createOperationServer(services: Pick<ApiServices, "store" | "metrics">): FastifyInstance {
  const app = fastify({ ...limitingOptions(usualLimits), logger: false, forceCloseConnections: "idle" });
  limitServer(app.server, usualLimits);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new SystoleError("ROUTE_NOT_FOUND"), request, reply),
  );
  app.addHook("onRequest", async (request, reply) => {
    markAnswer(request, reply);
    assertHost(request.raw);
  });
  const scope = app.withTypeProvider<ZodTypes>();
  healthRoutes(scope, services);
  metricsRoute(scope, services);
  return app;
}

/**
 * Sets the headers of every answer. `terra-reference` is Terra's name for the trace id, with which an operator finds
 * the log line. `nosniff` keeps a browser from taking an answer for a script because of its bytes.
 */
function markAnswer(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ "terra-reference": request.id, "x-content-type-options": "nosniff" });
}

/** Logs the route's pattern and never its query, which may contain an OAuth code or a person's id. */
function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const line = {
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    duration_ms: Math.round(reply.elapsedTime),
  };
  request.log[request.isRefusalCounted ? "debug" : "info"](line, "request");
  recordSpan({
    name: `${line.method} ${line.route ?? "unknown"}`,
    traceId: request.id,
    durationMs: reply.elapsedTime,
    attributes: {
      "http.request.method": line.method,
      "http.route": line.route,
      "http.response.status_code": line.status,
    },
    code: line.status >= 500 ? String(line.status) : null,
    isFirst: true,
  });
}
