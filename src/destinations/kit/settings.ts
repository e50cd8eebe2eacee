/** Settings that several kinds have. */
import { z } from "zod";

/** Certificates of an authority. */
export const certificates = z
  .string()
  .max(100_000)
  .regex(/-----BEGIN CERTIFICATE-----/, "must be a certificate in PEM");
