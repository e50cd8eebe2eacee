/** How an environment looks on the connect page, as the operator sets it. */
import { z } from "zod";
import type { Brand } from "../../store/brands.ts";
import { logoPath } from "../connect/look.ts";

/** A whole connect page has to stay under 60 kB. */
const largestLogo = 24 * 1024;

/** No SVG: a drawing that can hold scripts is not taken from anybody. */
const types = {
  "image/png": (bytes: Buffer) => bytes.subarray(0, 8).toString("hex") === "89504e470d0a1a0a",
  "image/jpeg": (bytes: Buffer) => bytes.subarray(0, 3).toString("hex") === "ffd8ff",
  "image/webp": (bytes: Buffer) =>
    bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP",
} as const;

const dataUrl = /^data:(image\/(?:png|jpeg|webp));base64,([A-Za-z0-9+/]+={0,2})$/;

const logo = z.string().transform((text, context) => {
  const [, type = "", base64 = ""] = dataUrl.exec(text) ?? [];
  const content = Buffer.from(base64, "base64");
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  if (!isKnown(type)) return refuse("is no data URL of a PNG, JPEG or WebP image in base64");
  if (!types[type](content)) return refuse(`is no ${type}`);
  if (content.length > largestLogo) return refuse(`is larger than ${largestLogo} bytes`);
  return { type, content };
});

const isKnown = (type: string): type is keyof typeof types => Object.hasOwn(types, type);

export const brandName = z.string().trim().min(1).max(60);
export const brandColor = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, "is no colour like #1f5fbf")
  .toLowerCase();

export const brandBody = z.strictObject({
  name: brandName.nullish().describe("The name by which people know the app"),
  color: brandColor
    .nullish()
    .describe("The colour of buttons and marks; made lighter or darker as far as legibility asks for it"),
  logo: logo
    .nullish()
    .describe(`A data URL: \`data:image/png;base64,…\`; PNG, JPEG or WebP, ${largestLogo} bytes at most`),
});

export const brand = z
  .object({
    name: z.string().nullable(),
    color: z.string().nullable(),
    logo: z.string().nullable().describe("The path at which it is served"),
  })
  .describe("On the connect page");

export const showBrand = (shown: Brand | undefined): z.output<typeof brand> => ({
  name: shown?.name ?? null,
  color: shown?.color ?? null,
  logo: shown === undefined ? null : logoPath(shown),
});
