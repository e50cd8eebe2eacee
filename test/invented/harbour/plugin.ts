/** Harbour: apps push with open-wearables' SDKs. Records that cannot be read fall out one by one. */
import { z } from "zod";
import { defineProvider, type UploadFormat } from "../../../src/providers/provider.ts";
import { dailyFrom, daySchema, daysResource } from "../days.ts";

const read: UploadFormat = {
  maxBytes: 1024 * 1024,
  read({ body }) {
    const { records = [] } = JSON.parse(body.toString("utf8")).data;
    return {
      bodies: records.flatMap((record: unknown) => {
        const { data: day } = daySchema.safeParse(record);
        return day === undefined ? [] : [{ resource: "days", key: day.day, body: { days: [day] } }];
      }),
      deleted: [],
    };
  },
};

export const harbour = defineProvider({
  name: "HARBOUR",
  slug: "harbour",
  displayName: "Harbour",
  dataTypes: ["daily"],
  settings: z.object({}),
  connecting: { kind: "upload" },
  uploads: { "open-wearables": read },
  apis: {},
  resources: [daysResource({ discovery: null })],
  normalizers: [dailyFrom("days")],
  mapperVersion: 1,
});
