/** Registers Terra's API. */
import type { KeyCheck } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { athleteRoutes } from "./athlete.ts";
import { authenticationRoutes } from "./authentication.ts";
import { dataRoutes } from "./data.ts";
import { integrationRoutes } from "./integrations.ts";
import { payloadRoutes } from "./payloads.ts";
import { redeemTokenRoute } from "./redeem-token.ts";
import { userRoutes } from "./user-info.ts";
import { widgetSessionRoutes } from "./widget-session.ts";

export function v2Routes(app: Api, services: ApiServices, keys: KeyCheck): void {
  app.register(async (open: Api) => {
    integrationRoutes(open, services);
    payloadRoutes(open, services);
    redeemTokenRoute(open, services);
  });
  app.register(async (closed: Api) => {
    closed.addHook("onRequest", async (request) => {
      request.environment = await keys.authenticate(request);
    });
    closed.addHook("onRoute", (route) => {
      route.schema = { security: [{ devId: [], apiKey: [] }], ...route.schema };
    });
    authenticationRoutes(closed, services);
    widgetSessionRoutes(closed, services);
    userRoutes(closed, services);
    dataRoutes(closed, services);
    athleteRoutes(closed, services);
  });
}
