/** A brand as it stands in the form. */
import type { Environment } from "../../shell/environment.ts";

export interface BrandDraft {
  readonly name: string;
  /** Empty: the page's own colour. */
  readonly color: string;
  /** A new picture as a data URL; `stored`: the one that is saved, if there is one. */
  readonly logo: { readonly new: string } | "stored" | "none";
}

export const draftOf = ({ brand: { name, color } }: Environment): BrandDraft => ({
  name: name ?? "",
  color: color ?? "",
  logo: "stored",
});

export const isColor = (color: string): boolean => /^#[0-9a-f]{6}$/i.test(color);

/** Returns what a save changes. */
export const changeOf = ({ name, color, logo }: BrandDraft) => ({
  name: name.trim() === "" ? null : name.trim(),
  color: color === "" ? null : color,
  ...(logo !== "stored" && { logo: logo === "none" ? null : logo.new }),
});
