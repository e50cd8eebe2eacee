/** A trace id is made at the door and goes with everything that follows from it. */
import { randomUUID } from "node:crypto";

export const newTraceId = (): string => randomUUID();
