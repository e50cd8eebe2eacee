/** Inlet: it has no API. The person's own client uploads with a token that Systole issues. */
import { z } from "zod";
import { SystoleError } from "../../../src/errors.ts";
import { defineProvider, type UploadFormat } from "../../../src/providers/provider.ts";
import { dailyFrom, daySchema, daysResource } from "../days.ts";

const upload = z.object({
  days: z.array(daySchema).default([]),
  deleted: z.array(z.iso.date()).default([]),
});

/** `{"days": [{"day", "steps"}], "deleted": ["2025-05-11"]}`. */
const days: UploadFormat = {
  maxBytes: 1024 * 1024,
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

export const inlet = defineProvider({
  name: "INLET",
  slug: "inlet",
  displayName: "Inlet",
  dataTypes: ["daily"],
  settings: z.object({}),
  connecting: { kind: "upload" },
  uploads: { days },
  apis: {},
  resources: [daysResource({ discovery: null })],
  normalizers: [dailyFrom("days")],
  mapperVersion: 1,
});
