/** Routes for orchestrators and metrics collectors. */
import { z } from "zod";
import { assertReady } from "../store/readiness.ts";
import type { Api } from "./schema.ts";
import type { ApiServices } from "./services.ts";

const status = (value: string) => z.object({ status: z.literal(value) });
const tags = ["Operation"];

export function healthRoutes(app: Api, { store }: Pick<ApiServices, "store">): void {
  app.get(
    "/healthz",
    { schema: { tags, summary: "The process is alive", response: { 200: status("ok") } } },
    async () => ({ status: "ok" }),
  );
  app.get(
    "/readyz",
    { schema: { tags, summary: "The database answers and is migrated", response: { 200: status("ready") } } },
    async () => {
      await assertReady(store.db);
      return { status: "ready" };
    },
  );
}

export function metricsRoute(app: Api, { metrics }: Pick<ApiServices, "metrics">): void {
  app.get("/metrics", { schema: { tags, summary: "Prometheus metrics" } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
