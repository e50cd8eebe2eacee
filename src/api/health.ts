/** What an orchestrator and a metrics collector ask. */
import { sql } from "kysely";
import { z } from "zod";
import { SystoleError } from "../errors.ts";
import { migrations } from "../store/migrate.ts";
import { storeError } from "../store/store-error.ts";
import type { Database } from "../store/tables.ts";
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

/** @throws SystoleError STORE_UNAVAILABLE */
export async function assertReady(db: Database): Promise<void> {
  try {
    const { rows } = await sql<{ number: number }>`SELECT max(number) AS number FROM migrations`.execute(db);
    if (rows[0]?.number === migrations.at(-1)?.number) return;
  } catch (error) {
    throw storeError(error) ?? new SystoleError("STORE_UNAVAILABLE", {}, { cause: error });
  }
  throw new SystoleError("STORE_UNAVAILABLE");
}
