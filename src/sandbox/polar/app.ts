import type { FastifyError, FastifyInstance } from "fastify";
import { sandboxApp } from "../kit/app.ts";
import { clockRoutes } from "../kit/clock-routes.ts";
import { ControlRefusal } from "../kit/control.ts";
import { faultRoutes } from "./control/faults.ts";
import { generateRoutes } from "./control/generate.ts";
import { peopleRoutes } from "./control/people.ts";
import { recordRoutes } from "./control/records.ts";
import { uploadRoutes } from "./control/uploads.ts";
import { guardPolarPaths } from "./gate.ts";
import { authorizeRoutes } from "./oauth/authorize.ts";
import { tokenRoutes } from "./oauth/token.ts";
import { controlRefusal, dynamicRefusal, polarRefusal, Refusal, refusalBody } from "./refusal.ts";
import { activityRoutes } from "./routes/activities.ts";
import { cardioLoadRoutes } from "./routes/cardio-load.ts";
import { deprecatedRoutes } from "./routes/deprecated.ts";
import { exerciseRoutes } from "./routes/exercises.ts";
import { heartRateRoutes } from "./routes/heart-rate.ts";
import { nightRoutes } from "./routes/nights.ts";
import { notificationRoutes } from "./routes/notifications.ts";
import { periodRoutes } from "./routes/periods.ts";
import { physicalInfoRoutes } from "./routes/physical-info.ts";
import { userRoutes } from "./routes/users.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import type { Sandbox } from "./sandbox.ts";
import { v4ControlRoutes } from "./v4/control/routes.ts";
import { v4AuthorizeRoutes } from "./v4/oauth/authorize.ts";
import { v4TokenRoutes } from "./v4/oauth/token.ts";
import { v4DataRoutes } from "./v4/routes.ts";

const BODY_LIMIT = 256 * 1024 * 1024;

const ROUTES: ((app: FastifyInstance, sandbox: Sandbox) => void)[] = [
  authorizeRoutes,
  tokenRoutes,
  v4AuthorizeRoutes,
  v4TokenRoutes,
  v4DataRoutes,
  userRoutes,
  exerciseRoutes,
  activityRoutes,
  nightRoutes,
  heartRateRoutes,
  cardioLoadRoutes,
  physicalInfoRoutes,
  periodRoutes,
  notificationRoutes,
  webhookRoutes,
  deprecatedRoutes,
  peopleRoutes,
  generateRoutes,
  v4ControlRoutes,
  uploadRoutes,
  (app, { clock }) => clockRoutes(app, clock),
  faultRoutes,
  recordRoutes,
];

/** Builds the app that answers Polar's paths and the control side. */
export function buildApp(sandbox: Sandbox): FastifyInstance {
  const app = sandboxApp({
    bodyLimit: BODY_LIMIT,
    // Polar's own example calls /v3/users/sleep/.
    routerOptions: { ignoreTrailingSlash: true },
  });
  answerErrors(app, sandbox);
  guardPolarPaths(app, sandbox);
  for (const routes of ROUTES) routes(app, sandbox);
  return app;
}

function answerErrors(app: FastifyInstance, sandbox: Sandbox): void {
  app.setNotFoundHandler(async (request) => {
    const message = `No resource ${request.method} ${request.url.split("?")[0]}`;
    throw refusalAt(request.url, 404, "NotFoundException", message);
  });
  app.setErrorHandler<FastifyError | Refusal | ControlRefusal>(async (error, request, reply) => {
    const refusal =
      error instanceof Refusal || error instanceof ControlRefusal
        ? error
        : refusalAt(request.url, error.statusCode ?? 500, error.code ?? "InternalError", error.message);
    return reply
      .code(refusal.status)
      .send(refusalBody(refusal, sandbox.clock.iso(), sandbox.v4.switches.refusal_body));
  });
}

function refusalAt(url: string, status: number, type: string, message: string): Refusal | ControlRefusal {
  if (url.startsWith("/v4")) return dynamicRefusal(status, message);
  return url.startsWith("/_sandbox") ? controlRefusal(status, message) : polarRefusal(status, type, message);
}
