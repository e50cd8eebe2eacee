/**
 * Inlet: it has no API. The person's own client uploads with a token that Systole issues; the connect page says how to set
 * it up, and asks for the time zone.
 */
import { z } from "zod";
import { SystoleError } from "../../../src/errors.ts";
import { decodeJson } from "../../../src/providers/kit/json-body.ts";
import { carried } from "../../../src/providers/ledger.ts";
import { defineProvider, type Resource, type UploadFormat } from "../../../src/providers/provider.ts";
import { dailyFrom, daySchema, daysResource, readBody } from "../days.ts";
import { setUp } from "./set-up.ts";

const upload = z.object({
  days: z.array(daySchema).default([]),
  deleted: z.array(z.iso.date()).default([]),
});

/** `{"days": [{"day", "steps"}], "deleted": ["2025-05-11"]}`. */
const days: UploadFormat = {
  maxBytes: 1024 * 1024,
  guide: setUp,
  read({ body }) {
    try {
      const read = upload.parse(JSON.parse(body.toString("utf8")));
      return {
        bodies: read.days.map((day) => ({ resource: "days", key: day.day, body: { days: [day] } })),
        deleted: read.deleted.map((key) => ({ resource: "days", key })),
      };
    } catch (cause) {
      throw new SystoleError("UPLOAD_BODY_INVALID", { provider: "inlet" }, { cause });
    }
  },
};

/** `{"zone": "Europe/Berlin"}`, as the connect page sends it. */
const settings: UploadFormat = {
  maxBytes: 1024,
  read({ body }) {
    try {
      const read = zoneBody.parse(JSON.parse(body.toString("utf8")));
      return { bodies: [{ resource: "settings", key: "connection", body: read }], deleted: [] };
    } catch (cause) {
      throw new SystoleError("UPLOAD_BODY_INVALID", { provider: "inlet" }, { cause });
    }
  },
};

const zoneBody = z.object({ zone: z.string() });

const settingsResource: Resource = {
  name: "settings",
  discovery: null,
  ledger: { zone: carried("the time zone that the person chose") },
  decode: (body) => decodeJson("settings", body),
  parts: (key, body) => [
    { resource: "settings", key, value: readBody(zoneBody, { resource: "settings", key }, body) },
  ],
};

export const inlet = defineProvider({
  name: "INLET",
  slug: "inlet",
  displayName: "Inlet",
  dataTypes: ["daily"],
  settings: z.object({}),
  connecting: {
    kind: "upload",
    zone: { format: "settings", body: (zone) => Buffer.from(JSON.stringify({ zone })) },
  },
  uploads: { days, settings },
  apis: {},
  resources: [daysResource({ discovery: null }), settingsResource],
  normalizers: [dailyFrom("days", "settings")],
  mapperVersion: 1,
});
