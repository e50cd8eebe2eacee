/** The person's devices. */
import { z } from "zod";
import { single } from "../../../kit/discovery.ts";
import { carried, composite, type Ledger } from "../../../ledger.ts";
import { thing } from "../resource.ts";
import { impersonal } from "./personal.ts";

/** GET /v4/data/user-devices (one implementer's live test): two lists, joined by `deviceReference.uuid`. */
const schema = z.looseObject({ devicesData: impersonal, userDevicesData: impersonal });

const ledger: Ledger = {
  devicesData: composite(carried("the devices: model, firmware and more")),
  userDevicesData: composite(carried("which of them the person uses, by the device's uuid")),
};

export const userDevices = thing({
  name: "v4-user-devices",
  path: "/user-devices",
  scope: "devices:read",
  place: { known: ["devicesData", "userDevicesData"] },
  schema,
  ledger,
  discovery: single(false),
});
