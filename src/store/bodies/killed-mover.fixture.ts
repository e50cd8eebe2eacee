/** Runs a process that moves bodies slowly until it is killed: `node killed-mover.fixture.ts <connection string> <directory>`. */
import { setTimeout as pause } from "node:timers/promises";
import { openDatabase } from "../database.ts";
import { directoryBodies } from "./directory.ts";
import { moveStep } from "./move.ts";
import { outsideBodies } from "./outside.ts";

const [, , connectionString = "", directory = ""] = process.argv;
const { db } = await openDatabase(connectionString, 4);
const bodies = directoryBodies(directory);
const slow: typeof bodies = {
  ...bodies,
  async write(key, bytes) {
    await bodies.write(key, bytes);
    // It is killed between a body and its row.
    await pause(50);
  },
};
const outside = outsideBodies(db, slow, 1);
let step = await moveStep({ db, outside });
while (step.next !== null) step = await moveStep({ db, outside }, step.next);
