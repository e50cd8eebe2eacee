/** The directories of uploads, beside the bodies: both may need as much room as those. */
import path from "node:path";
import type { BodyStore } from "../../store/bodies/body-store.ts";

/** The pieces of uploads that are not complete. */
export const receivedIn = ({ incoming }: Pick<BodyStore, "incoming">): string =>
  path.join(path.dirname(incoming), "resumable");

/** The items of files that are being imported, sorted. */
export const spoolsIn = ({ incoming }: Pick<BodyStore, "incoming">): string =>
  path.join(path.dirname(incoming), "spools");
