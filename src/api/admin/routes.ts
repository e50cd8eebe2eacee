/** Registers all routes of the admin API, for callers with an operator's token or the cookie of a session. */
import { chooseEnvironment, type KeyCheck } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { accountSessionRoutes } from "./account-sessions.ts";
import { accountRoutes } from "./accounts.ts";
import { agreementRoutes } from "./agreements.ts";
import { auditRoutes } from "./audit.ts";
import { auditChanges } from "./auditing.ts";
import { bodyRoutes } from "./bodies.ts";
import { connectPreviewRoute } from "./connect-preview.ts";
import { connectSessionRoute } from "./connect-sessions.ts";
import { deadLetterRoutes } from "./dead-letters.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { destinationRoutes } from "./destinations.ts";
import { environmentRoutes } from "./environments.ts";
import { erasureRoutes } from "./erasures.ts";
import { eventStreamRoute } from "./event-stream.ts";
import { eventRoutes } from "./events.ts";
import { exampleRoutes } from "./examples.ts";
import { adminHealthRoute } from "./health.ts";
import { keyRoutes } from "./keys.ts";
import { ledgerRoutes } from "./ledger.ts";
import { notificationRoutes } from "./notifications.ts";
import { operatorRoutes } from "./operators.ts";
import { peopleRoutes } from "./people.ts";
import { probeRoutes } from "./probe.ts";
import { providerDataRoute } from "./provider-data.ts";
import { providerLimitRoutes } from "./provider-limits.ts";
import { providerRoutes } from "./providers.ts";
import { rawPayloadRoutes } from "./raw-payloads.ts";
import { receiverRoutes } from "./receivers.ts";
import { recordRoutes } from "./records.ts";
import { renormalizationRoutes } from "./renormalizations.ts";
import { replayRoutes } from "./replays.ts";
import { sandboxRoutes } from "./sandbox.ts";
import { secretKeyRoutes } from "./secret-key.ts";
import { sessionRoutes } from "./session.ts";
import { setupRoute } from "./setup.ts";
import { SignIn } from "./sign-in.ts";
import { withStrictQuery } from "./strict-query.ts";
import { syncRoutes } from "./sync.ts";
import { unknownLeafRoutes } from "./unknown-leaves.ts";
import { uploadTokenRoutes } from "./upload-tokens.ts";
import { userRoutes } from "./users.ts";

export function adminRoutes(app: Api, services: ApiServices, keys: KeyCheck): void {
  const signIn = new SignIn(services.store.db);
  app.addHook("preClose", async () => signIn.close());
  const routes = async (admin: Api) => {
    auditChanges(admin, services.store.db);
    admin.register(async (open: Api) => sessionRoutes(open, services, signIn));
    admin.register(async (known: Api) => {
      known.addHook("onRequest", async (request, reply) => {
        request.operator = await signIn.authenticate(request, reply);
      });
      known.addHook("onRoute", (route) => {
        route.schema = { security: [{ admin: [] }, { session: [] }], ...route.schema };
      });
      known.register(async (global: Api) => globalRoutes(global, services, { keys, signIn }));
      known.register(async (scoped: Api) => environmentScope(scoped, services, keys));
    });
  };
  app.register(routes, { prefix: "/admin/v1" });
}

/** Routes about the server as a whole. */
function globalRoutes(
  app: Api,
  services: ApiServices,
  { keys, signIn }: { keys: KeyCheck; signIn: SignIn },
): void {
  app.addHook("onRoute", (route) => {
    route.schema = withStrictQuery(route.schema, { scoped: false });
  });
  environmentRoutes(app, services, keys);
  connectPreviewRoute(app, services);
  operatorRoutes(app, services);
  accountRoutes(app, services, signIn);
  accountSessionRoutes(app, services);
  secretKeyRoutes(app, services);
  bodyRoutes(app, services);
  auditRoutes(app, services);
}

/** Routes about one environment: the one named by `?environment=` or a `dev-id` header, else the first. */
function environmentScope(app: Api, services: ApiServices, keys: KeyCheck): void {
  app.addHook("onRequest", async (request) => {
    request.environment = await chooseEnvironment(services.store.db, request);
  });
  app.addHook("onRoute", (route) => {
    route.schema = withStrictQuery(route.schema, { scoped: true });
  });
  setupRoute(app, services);
  adminHealthRoute(app, services);
  providerRoutes(app, services);
  providerDataRoute(app, services);
  providerLimitRoutes(app, services);
  unknownLeafRoutes(app, services);
  destinationRoutes(app, services);
  receiverRoutes(app, services);
  userRoutes(app, services);
  probeRoutes(app, services);
  uploadTokenRoutes(app, services);
  peopleRoutes(app, services);
  agreementRoutes(app, services);
  connectSessionRoute(app, services);
  sandboxRoutes(app, services);
  erasureRoutes(app, services);
  syncRoutes(app, services);
  rawPayloadRoutes(app, services);
  recordRoutes(app, services);
  ledgerRoutes(app, services);
  notificationRoutes(app, services);
  eventRoutes(app, services);
  eventStreamRoute(app, services);
  deliveryRoutes(app, services);
  exampleRoutes(app, services);
  deadLetterRoutes(app, services);
  replayRoutes(app, services);
  renormalizationRoutes(app, services);
  keyRoutes(app, services, keys);
}
