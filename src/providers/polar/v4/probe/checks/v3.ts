import type { ProbeAnswer, ProbeCheck, ProbeFinding } from "../../../../provider.ts";
import type { PolarSettings } from "../../../settings.ts";
import { askV3, askV4, finding, jsonIn, type Polar, withV4 } from "../calls.ts";

const exercises = { method: "GET", path: () => "/v3/exercises", as: "person" } as const;

function acceptance({ status }: ProbeAnswer): string {
  if (status === 200 || status === 204) return "v3 accepts the token of v4.";
  if (status === 401) return "v3 does not know the token of v4, or the person is not registered.";
  if (status === 403) return "v3 refuses the person: not registered, or a consent is missing.";
  return "No known answer.";
}

const readExercises = async (polar: Polar): Promise<ProbeFinding> => {
  const answer = await askV3(polar, exercises);
  return finding("GET /v3/exercises, with the token of v4", answer, { verdict: acceptance(answer) });
};

/** Section 9, 3: whether one consent opens both APIs. */
export const v3Token: ProbeCheck<PolarSettings> = {
  name: "v3-token",
  title: "v3 with the token of v4",
  run: withV4(async (polar) => [await readExercises(polar)]),
};

function registrationVerdict({ status }: ProbeAnswer): string {
  if (status === 200 || status === 201) return "v3 registers a person of v4.";
  if (status === 409) return "The person is registered already.";
  return "v3 does not register the person.";
}

export const v3Registration: ProbeCheck<PolarSettings> = {
  name: "v3-registration",
  title: "Registration at v3 with the token of v4",
  option: {
    name: "register",
    changes: "Registers the person at v3, as connecting does, and reads exercises again.",
  },
  run: withV4(async (polar) => {
    const json = { "member-id": polar.memberId };
    const answer = await askV3(polar, { method: "POST", path: () => "/v3/users", as: "person", json });
    const verdict = registrationVerdict(answer);
    return [finding("POST /v3/users, with the token of v4", answer, { verdict }), await readExercises(polar)];
  }),
};

export const v3End: ProbeCheck<PolarSettings> = {
  name: "v3-end",
  title: "The end of the registration at v3",
  option: {
    name: "unregister",
    changes:
      "Ends the registration at v3, and perhaps the whole permission: the person may have to connect again.",
  },
  run: withV4(async (polar) => {
    const path = (id: string) => `/v3/users/${id}`;
    const ended = await askV3(polar, { method: "DELETE", path, as: "person" });
    const after = await askV4(polar, "/sports/list");
    const goesOn = after.status < 400 || after.status === 404;
    return [
      finding("DELETE /v3/users/{id}", ended, {
        verdict: ended.status < 300 ? "v3 ended the registration." : "v3 did not end the registration.",
      }),
      finding("GET /v4/data/sports/list, after that", after, {
        verdict: goesOn ? "The permission for v4 goes on." : "The permission for v4 has ended with it.",
      }),
    ];
  }),
};

interface Webhooks {
  readonly count: number;
  readonly events: readonly string[];
  readonly active: string;
}

function webhooksIn(answer: ProbeAnswer): Webhooks {
  const body = jsonIn(answer);
  const data: unknown = typeof body === "object" && body !== null && "data" in body ? body.data : body;
  const hooks = (Array.isArray(data) ? data : data ? [data] : []).map((one) => Object(one) as Webhook);
  const events = hooks.flatMap((hook) => (Array.isArray(hook.events) ? hook.events : []));
  return {
    count: hooks.length,
    events: events.filter((event) => typeof event === "string" && /^[A-Z_\d]{1,40}$/.test(event)),
    active: hooks.map(({ active }) => (typeof active === "boolean" ? active : "not told")).join(", "),
  };
}

interface Webhook {
  readonly events?: unknown;
  readonly active?: unknown;
}

/** Section 9, 4: whether v3's notifications can come for this person. */
export const v3Webhook: ProbeCheck<PolarSettings> = {
  name: "v3-webhook",
  title: "The webhook of v3",
  run: withV4(async (polar) => {
    const answer = await askV3(polar, { method: "GET", path: () => "/v3/webhooks", as: "client" });
    const { count, events, active } = webhooksIn(answer);
    const verdict = events.includes("EXERCISE")
      ? "The client has a webhook for EXERCISE. Record a session, sync, and look whether a notification of this person arrives: GET /admin/v1/notifications."
      : "The client has no webhook for EXERCISE: v4 is polled.";
    const facts = { webhooks: count, events: events.join(" ") || null, active: active || null };
    // Its address is the operator's own.
    return [
      {
        ...finding("GET /v3/webhooks, with the client's credentials", answer, { verdict, facts }),
        shape: [],
      },
    ];
  }),
};
