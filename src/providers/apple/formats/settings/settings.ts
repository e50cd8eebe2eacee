/** The settings that the person chose on the connect page, or the operator for them: kept as a body, so that records can be remade. */
import { z } from "zod";
import { SystoleError } from "../../../../errors.ts";
import { invalidBody } from "../../../kit/body-issues.ts";
import { decodeJson } from "../../../kit/json-body.ts";
import { isZone } from "../../../kit/zone-offset.ts";
import { ignored } from "../../../ledger.ts";
import type { ReadUpload, Resource } from "../../../provider.ts";
import { growingSettings, settingsKey } from "../../healthkit/growing-parts.ts";
import { Statements } from "../statements.ts";

const name = "connection-settings";
const longestList = 200;
const sources = z.array(z.string().min(1).max(256)).max(longestList).default([]);

/** All of the settings: one that is not named has its default. */
const body = z.strictObject({
  /** An IANA name. */
  zone: z.string().refine(isZone, "is not the name of a time zone").nullable().default(null),
  priority: sources,
  ignored: sources,
  with_birth_date: z.boolean().default(false),
});

/** `{"zone": "Europe/Berlin", "priority": ["Watch"], "ignored": ["com.example.app"], "with_birth_date": true}`. */
export const settings: ReadUpload = {
  maxBytes: 1024 * 1024,
  read({ body: bytes }) {
    try {
      const read = body.parse(JSON.parse(bytes.toString("utf8")));
      return { bodies: [{ resource: name, key: settingsKey, body: read }], deleted: [] };
    } catch (cause) {
      throw new SystoleError("UPLOAD_BODY_INVALID", { provider: "apple" }, { cause });
    }
  },
};

/** Returns the body that the connect page sends for a chosen zone. */
export const zoneBody = (zone: string): Buffer => Buffer.from(JSON.stringify({ zone }));

export const connectionSettings: Resource = {
  name,
  discovery: null,
  ledger: {
    zone: ignored("it is a part of its own"),
    "priority[]": ignored("it is a part of its own"),
    "ignored[]": ignored("it is a part of its own"),
    with_birth_date: ignored("it is a part of its own"),
  },
  decode: (bytes) => decodeJson(name, bytes),
  parts(key, given) {
    const { data } = body.safeParse(given);
    if (data === undefined) throw invalidBody({ resource: name, key }, "later", []);
    const { zone, priority, ignored: left, with_birth_date: withBirthDate } = data;
    const statements = new Statements({ format: name });
    const item = growingSettings({ zone, priority, ignored: left, withBirthDate });
    statements.add("settings", item, settingsKey);
    return statements.parts();
  },
};
