import { z } from "zod";
import { isAddress, sqlSettings } from "../kit/sql/settings.ts";

export const settings = z
  .strictObject(sqlSettings(3_306, 64))
  // The driver compares a certificate with names only.
  .refine(({ host, ssl }) => ssl !== "verify" || !isAddress(host), {
    path: ["ssl"],
    message:
      "a certificate is compared with a host's name: give the name, or choose verify-ca for an IP address",
  });
export type Settings = z.output<typeof settings>;
