/** The floor of events in a process of its own: a loop of bare deliveries, one after the other or 16 at a time. */
import { openBareDelivery } from "../support/bare-delivery.ts";
import { newBody } from "../support/emission.ts";
import { atATime, steadily } from "../support/manners.ts";
import { serve } from "../support/serve.ts";
import { statements } from "../support/statements.ts";

const { DATABASE_URL = "", RECEIVER = "", COUNT, STEADY_COUNT, PER_SECOND } = process.env;
const sideBySide = 16;
const { carry, close } = await openBareDelivery(DATABASE_URL, RECEIVER, sideBySide);
const carryNew = (): Promise<void> => carry(Buffer.from(newBody()));

serve({
  url: "",
  close,
  answers: {
    statements,
    sequential: () => atATime(1, Number(COUNT), carryNew),
    wide: () => atATime(sideBySide, Number(COUNT), carryNew),
    steady: () => steadily(Number(PER_SECOND), Number(STEADY_COUNT), carryNew),
  },
});
