/** The probe of the Dynamic API v4: what only a real account can settle (POLAR-V4 §9), in its order. */
import type { Probe } from "../../../provider.ts";
import type { PolarSettings } from "../../settings.ts";
import { bodies, limits, swagger } from "./checks/bodies.ts";
import { consent, rotation } from "./checks/consent.ts";
import { depth } from "./checks/depth.ts";
import { session } from "./checks/session.ts";
import { v3End, v3Registration, v3Token, v3Webhook } from "./checks/v3.ts";

export const probe: Probe<PolarSettings> = {
  checks: [
    swagger,
    consent,
    rotation,
    v3Token,
    v3Registration,
    v3Webhook,
    session,
    bodies,
    depth,
    limits,
    // The last one: it may end the permission.
    v3End,
  ],
};
