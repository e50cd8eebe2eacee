import type { FastifyError, FastifyInstance } from "fastify";
import type { SandboxPlugin } from "../contract.ts";
import { sandboxApp, sendControlError } from "../kit/app.ts";
import { clockRoutes } from "../kit/clock-routes.ts";
import type { ControlRefusal } from "../kit/control.ts";
import { faultRoutes } from "./control/faults.ts";
import { homePart } from "./control/home.ts";
import { peopleRoutes, recordRoutes } from "./control/people.ts";
import { guardGarminPaths } from "./gate.ts";
import { Refusal, refusal } from "./refusal.ts";
import { activityRoutes } from "./routes/activities.ts";
import { bodyRoutes } from "./routes/body.ts";
import { diaryRoutes } from "./routes/diaries.ts";
import { personRoutes } from "./routes/person.ts";
import { tokenRoutes } from "./routes/token.ts";
import { wellnessRoutes } from "./routes/wellness.ts";
import { Sandbox } from "./sandbox.ts";

const megabyte = 1024 * 1024;

const services = [
  "personalapitoken",
  "usersummary",
  "wellness",
  "hrv",
  "sleep",
  "activitylist",
  "activity",
  "download",
  "weight",
  "goal",
  "fitnessage",
  "biometric",
  "nutrition",
  "periodichealth",
  "wellnessactivity",
  "userprofile",
];

function buildApp(sandbox: Sandbox): FastifyInstance {
  const app = sandboxApp({
    bodyLimit: 256 * megabyte,
    // Garmin's own pages write some paths with a slash at the end.
    routerOptions: { ignoreTrailingSlash: true },
  });
  answerErrors(app);
  guardGarminPaths(app, sandbox);
  for (const routes of [
    tokenRoutes,
    wellnessRoutes,
    activityRoutes,
    bodyRoutes,
    diaryRoutes,
    personRoutes,
    peopleRoutes,
    recordRoutes,
    faultRoutes,
  ])
    routes(app, sandbox);
  clockRoutes(app, sandbox.place.clock);
  return app;
}

function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler(async () => {
    throw refusal(404);
  });
  app.setErrorHandler<FastifyError | Refusal | ControlRefusal>(async (error, _request, reply) => {
    if (error instanceof Refusal)
      return reply
        .code(error.status)
        .headers(error.headers)
        .send(error.body ?? "");
    return sendControlError(reply, error);
  });
}

const garmin: SandboxPlugin = {
  slug: "garmin",
  displayName: "Garmin",
  paths: services.map((name) => `/${name}-service`),
  demo: {
    recordsOf: {
      activities: "activity",
      "wellness-activities": "activity",
      sleep: "sleep",
      naps: "sleep",
      "daily-summary": "daily",
    },
    connecting: "key",
    // Each day is several calls, and calls are a second apart.
    days: 7,
    // A day that has not begun in UTC is found by a later look only, for which the demo would wait.
    person: { utc_offset: 0, time_zone: "Etc/UTC" },
  },
  create(place) {
    const sandbox = new Sandbox(place);
    const app = buildApp(sandbox);
    return {
      app,
      variables: { GARMIN_API_URL: place.url },
      home: () => homePart(sandbox),
      // There are no notifications: what is uploaded is found by polling.
      isSubscribed: () => true,
      close: async () => void (await app.close()),
    };
  },
};

/** A simulated Personal API of Garmin for users, demos and tests. README.md says what it does. */
export default garmin;
