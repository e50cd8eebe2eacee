/**
 * The OpenAPI document of everything that is served, as the routes declare it: no server listens and no database is
 * asked. `npm run generate` writes it where the dashboard makes its types from it.
 */
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { Registry } from "prom-client";
import { createServer } from "../src/api/server.ts";
import { ProviderClients } from "../src/connections/provider-clients.ts";
import { createAddressGuard, createProviderGuard } from "../src/security/address-guard.ts";
import { KeyRing } from "../src/security/key-ring.ts";
import { apiServices } from "../src/services.ts";
import { directoryBodies } from "../src/store/bodies/directory.ts";
import type { Store } from "../src/store/store.ts";
import type { Tables } from "../src/store/tables.ts";
import { CallPlanner } from "../src/sync/planner/planner.ts";
import { createLogger } from "../src/telemetry/log.ts";

const noDatabase = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** Declaring routes asks it nothing. */
const nothingStored: Store = {
  db: noDatabase,
  aside: noDatabase,
  get queue(): Store["queue"] {
    throw new Error("no queue is needed to declare routes");
  },
  keyRing: new KeyRing(Buffer.alloc(32)),
  bodies: directoryBodies("bodies"),
};

/** Returns the document as text, one property a line, so that a change of it reads as one. */
export async function openApiDocument(): Promise<string> {
  await using opened = new AsyncDisposableStack();
  const clients = new ProviderClients(nothingStored, createProviderGuard({ allowPrivate: false }));
  const deps = {
    store: nothingStored,
    log: createLogger("silent"),
    publicUrl: "http://localhost:8080",
    clients,
    planner: new CallPlanner(nothingStored, clients, () => {}),
  };
  const guard = createAddressGuard({ allowPrivate: false });
  const app = createServer(apiServices({ deps, guard, registry: new Registry(), isPublic: false }, opened));
  opened.defer(() => app.close());
  const { body } = await app.inject({ url: "/docs/json", headers: { host: "localhost" } });
  return `${JSON.stringify(JSON.parse(body), null, 2)}\n`;
}
