/** Runs a process that delivers until it is killed: `node killed-worker.fixture.ts <connection string> <key>`. */

import { createAddressGuard } from "../security/address-guard.ts";
import { KeyRing } from "../security/key-ring.ts";
import { directoryBodies } from "../store/bodies/directory.ts";
import { openDatabase } from "../store/database.ts";
import { Queue } from "../store/queue.ts";
import { createLogger } from "../telemetry/log.ts";
import { startDelivery } from "./worker.ts";

const [, , connectionString = "", key = ""] = process.argv;
const { db, aside } = await openDatabase(connectionString);
const queue = await Queue.open(connectionString, () => {});
await startDelivery({
  store: {
    db,
    aside,
    queue,
    keyRing: new KeyRing(Buffer.from(key, "base64")),
    bodies: directoryBodies("bodies"),
  },
  log: createLogger("silent"),
  guard: createAddressGuard({ allowPrivate: true }),
  publicUrl: "http://127.0.0.1:8080",
});
