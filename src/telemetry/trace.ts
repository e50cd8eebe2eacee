/** Trace ids: made when a request arrives, and passed on to everything that follows from it. */
import { randomUUID } from "node:crypto";

export const newTraceId = (): string => randomUUID();
