/**
 * Runs a process that rebuilds records until it is killed: `node killed-worker.fixture.ts <connection
 * string> <directory of bodies>`. Its mapping is the next version; it announces each night on standard output and takes its time
 * over it.
 */

import { randomBytes } from "node:crypto";
import { nextVersion } from "../../../test/support/kept-person.ts";
import { parsingOf } from "../../../test/support/parsing.ts";
import { KeyRing } from "../../security/key-ring.ts";
import { directoryBodies } from "../../store/bodies/directory.ts";
import { openDatabase } from "../../store/database.ts";
import { Queue } from "../../store/queue.ts";
import { createLogger } from "../../telemetry/log.ts";
import { startRenormalizing } from "./worker.ts";

const [, , connectionString = "", directory = ""] = process.argv;
const { db, aside } = await openDatabase(connectionString);
const queue = await Queue.open(connectionString, () => {});
const provider = nextVersion("activity", (record) => {
  process.stdout.write("a record\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  return { ...record, calories_data: { total_burned_calories: 4_711 } };
});
await startRenormalizing({
  store: { db, aside, queue, keyRing: new KeyRing(randomBytes(32)), bodies: directoryBodies(directory) },
  parsing: parsingOf({ aside }),
  log: createLogger("silent"),
  providerOf: () => provider,
});
