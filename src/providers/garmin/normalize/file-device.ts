/** The device that wrote an activity's file, as the file tells it. */
import { getFitGarminProductDisplayName } from "fit-file-parser";
import type { ActivityFile } from "../resources/activity-file.ts";

/** Returns the name and the versions; null where the file does not say. */
export function deviceOf(file: ActivityFile | undefined) {
  const [named, created] = [file?.file_id[0], file?.file_creator?.[0]];
  return {
    name: nameOf(named),
    software_version: created?.software_version == null ? null : (created.software_version / 100).toFixed(2),
    hardware_version: created?.hardware_version == null ? null : String(created.hardware_version),
  };
}

function nameOf(named: ActivityFile["file_id"][number] | undefined): string | null {
  if (typeof named?.product_name === "string" && named.product_name !== "") return named.product_name;
  const { product, manufacturer } = named ?? {};
  return manufacturer === "garmin" && typeof product === "number"
    ? getFitGarminProductDisplayName(product)
    : null;
}
