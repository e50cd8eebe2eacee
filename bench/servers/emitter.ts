/** Emits events in a process of its own, as ingest does: each in a transaction of its own, or a hundred in one. */
import { emitEvents } from "../../src/delivery/emit.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Queue } from "../../src/store/queue.ts";
import { newEvent } from "../support/emission.ts";
import { atATime, steadily } from "../support/manners.ts";
import { serve } from "../support/serve.ts";
import { statements } from "../support/statements.ts";

const { DATABASE_URL = "", ENVIRONMENT_ID = "", COUNT, STEADY_COUNT, PER_SECOND, WIDTH } = process.env;
const database = await openDatabase(DATABASE_URL, Number(WIDTH));
const queue = await Queue.open(DATABASE_URL, (error) => process.stderr.write(`${error.stack}\n`));
const bulk = 100;

async function emit(count: number): Promise<void> {
  const events = Array.from({ length: count }, () => newEvent(ENVIRONMENT_ID));
  await database.db.transaction().execute((tx) => emitEvents(tx, queue, events));
}

serve({
  url: "",
  close: () => queue.close().then(() => database.close()),
  answers: {
    statements,
    wide: () => atATime(Number(WIDTH), Number(COUNT), () => emit(1)),
    bulk: () => atATime(1, Number(COUNT) / bulk, () => emit(bulk)),
    steady: () => steadily(Number(PER_SECOND), Number(STEADY_COUNT), () => emit(1)),
  },
});
