/** The sources of a record as Terra's devices: the most trusted one, and the others that told something. */
import type { DeviceData, OtherDeviceData } from "../../../models/index.ts";
import type { Source } from "../healthkit/sample.ts";
import { classOf, rankOf, sourceKey } from "../healthkit/source.ts";

const device = ({ name, bundleId, model }: Source): OtherDeviceData => ({
  name: name ?? bundleId,
  manufacturer: null,
  hardware_version: model,
  software_version: null,
  serial_number: null,
  last_upload_date: null,
  data_provided: [],
});

/** Orders sources: by the connection's list, by class, then by name. */
export function devicesOf(sources: Iterable<Source>, priority: readonly string[]): DeviceData {
  const named = [...sources].filter(({ name, bundleId, model }) => name ?? bundleId ?? model);
  const distinct = [...new Map(named.map((source) => [sourceKey(source), source])).values()];
  const [first, ...others] = distinct.toSorted(
    (one, other) =>
      rankOf(one, priority) - rankOf(other, priority) || (sourceKey(one) < sourceKey(other) ? -1 : 1),
  );
  return first === undefined ? {} : { ...device(first), other_devices: others.map(device) };
}

/** Tells whether an app that is not Apple's wrote a sample. */
export const isThirdParty = (source: Source): boolean =>
  classOf(source) === "other" && source.bundleId !== null && !source.bundleId.startsWith("com.apple.");
