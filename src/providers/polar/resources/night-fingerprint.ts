import { instantMs, parseTime } from "../../kit/iso-time.ts";

/** How the index of nights would describe a night. */
export const nightFingerprint = (start: string, end: string): string => `${minute(start)} ${minute(end)}`;

/** Polar documents these times in seconds in one list and sends milliseconds in the other: minutes tell enough. */
const minute = (time: string): string => new Date(instantMs(parseTime(time))).toISOString().slice(0, 16);
