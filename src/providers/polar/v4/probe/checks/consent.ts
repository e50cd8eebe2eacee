import type { Grant, ProbeCheck, ProbeFinding } from "../../../../provider.ts";
import { dynamic } from "../../../names.ts";
import type { PolarSettings } from "../../../settings.ts";
import { noted, type Polar, withV4 } from "../calls.ts";

/** All scopes of v4 that anybody has named twice (POLAR-V4 §1). */
const known = [
  "activity",
  "calendar",
  "continuous_samples",
  "devices",
  "nightly_recharge",
  "ppi_data",
  "profile",
  "routes",
  "skin_contact",
  "sleep",
  "sports",
  "temperature_measurement",
  "tests",
  "training_sessions",
  "training_targets",
  "user_subscription",
].map((name) => `${name}:read`);

const secondsLeft = ({ expiresAt }: Grant, nowMs: number): number | null =>
  expiresAt === null ? null : Math.round((expiresAt.getTime() - nowMs) / 1000);

const formOfId = (id: string): string => (/^\d+$/.test(id) ? "a number, as in v3" : "no number");

function describe({ grants, now }: Polar): ProbeFinding {
  const grant = grants.find(({ consent }) => consent === dynamic);
  const scopes = grant?.scopes ?? [];
  const missing = known.filter((scope) => !scopes.includes(scope));
  const others = scopes.filter((scope) => !known.includes(scope));
  return noted(
    missing.length === 0
      ? "All scopes were granted."
      : "Not all scopes were granted: the environment or the person chose fewer, or Polar grants fewer.",
    {
      granted: scopes.filter((scope) => known.includes(scope)).join(" ") || null,
      "not granted": missing.join(" ") || null,
      "granted, but unknown here": others.length === 0 ? null : others.length,
      "seconds left of the access token": grant ? secondsLeft(grant, now.getTime()) : null,
      "can be renewed": grant?.renewal !== null,
      "the person's id at Polar": grant ? formOfId(grant.providerUserId) : null,
      consents: grants.map(({ consent }) => consent).join(" "),
    },
  );
}

/** Section 9, 2: what the consent has opened. */
export const consent: ProbeCheck<PolarSettings> = {
  name: "consent",
  title: "The consent: scopes and life of the token",
  run: withV4(async (polar) => [describe(polar)]),
};

const refreshToken = ({ renewal }: Grant): string | null =>
  renewal?.kind === "refresh-token" ? renewal.token : null;

/** Section 9, 2: whether refresh tokens rotate. Each new one is stored before the next call. */
export const rotation: ProbeCheck<PolarSettings> = {
  name: "rotation",
  title: "Rotation of the refresh token",
  option: {
    name: "rotate-twice",
    changes: "Renews the token of v4 twice; each new one is stored as always.",
  },
  run: withV4(async (polar) => {
    const before = polar.grants.find((grant) => grant.consent === dynamic);
    const first = await polar.renew(dynamic);
    const firstAt = Date.now();
    const second = await polar.renew(dynamic);
    const changed = [
      before === undefined || refreshToken(before) !== refreshToken(first),
      refreshToken(first) !== refreshToken(second),
    ];
    return [
      noted(rotationVerdict(changed), {
        "seconds of the first new token": secondsLeft(first, firstAt),
        "seconds of the second new token": secondsLeft(second, Date.now()),
        "refresh token changed": changed.map((one) => (one ? "yes" : "no")).join(", then "),
        "the former one still works":
          "not tried: a server that sees a used refresh token again may end the permission",
      }),
    ];
  }),
};

function rotationVerdict(changed: readonly boolean[]): string {
  if (changed.every(Boolean)) return "The refresh token rotates with each renewal.";
  return changed.some(Boolean) ? "The refresh token rotates sometimes." : "The refresh token stays the same.";
}
