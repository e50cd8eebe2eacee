import { instantMs, parseTime } from "../../kit/iso-time.ts";

/** Returns the fingerprint of a night, the same from the index and from the night itself. */
export const nightFingerprint = (start: string, end: string): string => `${minute(start)} ${minute(end)}`;

/** Cuts a time to the minute: Polar documents seconds in one list and sends milliseconds in the other. */
const minute = (time: string): string => new Date(instantMs(parseTime(time))).toISOString().slice(0, 16);
