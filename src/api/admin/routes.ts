/** Everything the dashboard does, behind the operator's token. */
import { authenticateAdmin, chooseEnvironment, type KeyCheck } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { environmentRoutes } from "./environments.ts";

export function adminRoutes(app: Api, services: ApiServices, keys: KeyCheck): void {
  app.register(
    async (admin: Api) => {
      admin.addHook("onRequest", async (request) => authenticateAdmin(request, services.adminTokenHash));
      admin.addHook("onRoute", (route) => {
        route.schema = { security: [{ admin: [] }], ...route.schema };
      });
      environmentRoutes(admin, services);
      admin.register(async (scoped: Api) => {
        scoped.addHook("onRequest", async (request) => {
          request.environment = await chooseEnvironment(services.store.db, request);
        });
      });
    },
    { prefix: "/admin/v1" },
  );
}
