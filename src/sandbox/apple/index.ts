import type { FastifyError, FastifyInstance } from "fastify";
import type { SandboxPlugin } from "../contract.ts";
import { sandboxApp, sendControlError } from "../kit/app.ts";
import { clockRoutes } from "../kit/clock-routes.ts";
import { ControlRefusal } from "../kit/control.ts";
import { homePart } from "./control/home.ts";
import { peopleRoutes } from "./control/people.ts";
import { pushRoutes } from "./control/pushes.ts";
import { People } from "./state.ts";

function buildApp(people: People): FastifyInstance {
  const app = sandboxApp();
  app.setErrorHandler<FastifyError | ControlRefusal>(async (error, _request, reply) =>
    sendControlError(reply, error),
  );
  app.setNotFoundHandler(async (request) => {
    throw new ControlRefusal(404, `No resource ${request.method} ${request.url.split("?")[0]}`);
  });
  peopleRoutes(app, people);
  pushRoutes(app, people);
  clockRoutes(app, people.clock);
  // A phone has no faults of its own; those of all sandboxes are cleared together.
  app.delete("/_sandbox/faults", async (_request, reply) => reply.code(204).send());
  return app;
}

const apple: SandboxPlugin = {
  slug: "apple",
  displayName: "Apple Health",
  // There is no cloud: nothing can be asked.
  paths: [],
  demo: {
    recordsOf: { workouts: "activity", nights: "sleep", days: "daily" },
    connecting: "token",
  },
  create({ controlUrl, clock }) {
    const people = new People(clock);
    const app = buildApp(people);
    return {
      app,
      variables: {},
      home: () => homePart(people, controlUrl),
      isSubscribed: () => true,
      close: async () => void (await app.close()),
    };
  },
};

/** A phone with Apple Health, which pushes to Systole in each of the formats. README.md says what it does. */
export default apple;
