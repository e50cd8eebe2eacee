import type { FastifyError, FastifyInstance } from "fastify";
import type { SandboxPlugin } from "../contract.ts";
import { sandboxApp, sendControlError } from "../kit/app.ts";
import { clockRoutes } from "../kit/clock-routes.ts";
import type { ControlRefusal } from "../kit/control.ts";
import { faultRoutes } from "./control/faults.ts";
import { homePart } from "./control/home.ts";
import { peopleRoutes, recordRoutes } from "./control/people.ts";
import { guardOuraPaths } from "./gate.ts";
import { Refusal } from "./refusal.ts";
import { authorizeRoutes } from "./routes/authorize.ts";
import { tokenRoutes } from "./routes/token.ts";
import { collectionRoutes } from "./routes/usercollection.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { client, Sandbox } from "./sandbox.ts";

const megabyte = 1024 * 1024;

function buildApp(sandbox: Sandbox): FastifyInstance {
  const app = sandboxApp({ bodyLimit: 256 * megabyte });
  answerErrors(app);
  guardOuraPaths(app, sandbox);
  for (const routes of [
    authorizeRoutes,
    tokenRoutes,
    collectionRoutes,
    webhookRoutes,
    peopleRoutes,
    recordRoutes,
    faultRoutes,
  ])
    routes(app, sandbox);
  clockRoutes(app, sandbox.place.clock);
  return app;
}

function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ detail: "Not Found" }));
  app.setErrorHandler<FastifyError | Refusal | ControlRefusal>(async (error, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).headers(error.headers).send(error.body);
    return sendControlError(reply, error);
  });
}

const oura: SandboxPlugin = {
  slug: "oura",
  displayName: "Oura",
  paths: ["/oauth", "/v2"],
  demo: {
    recordsOf: { sleep: "sleep", workout: "activity", session: "activity", daily_activity: "daily" },
    connecting: "page",
  },
  create(place) {
    const sandbox = new Sandbox(place);
    const app = buildApp(sandbox);
    return {
      app,
      variables: {
        OURA_CLIENT_ID: client.id,
        OURA_CLIENT_SECRET: client.secret,
        OURA_AUTHORIZE_URL: `${place.url}/oauth/authorize`,
        OURA_TOKEN_URL: `${place.url}/oauth/token`,
        OURA_API_URL: place.url,
      },
      home: () => homePart(sandbox),
      isSubscribed: () =>
        ["sleep", "workout", "daily_activity"].every((data_type) =>
          sandbox.subscriptions.of({ event_type: "create", data_type }),
        ),
      async close() {
        await sandbox.sender.close();
        await app.close();
      },
    };
  },
};

/** A simulated Oura API v2 for users, demos and tests. README.md says what it does. */
export default oura;
