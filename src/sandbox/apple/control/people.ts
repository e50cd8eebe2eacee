/** Routes for the people of the sandbox: making them, and setting up their phones. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { isDate } from "../../kit/clock.ts";
import { ControlRefusal, checkedBody, controlBody } from "../../kit/control.ts";
import { param } from "../../kit/http.ts";
import type { Profile } from "../generate/person.ts";
import type { Address, People, Person } from "../state.ts";

/** As `POST /v2/auth/redeemToken` answers it. */
const addressFields = {
  upload_token: z.string().min(1),
  upload_urls: z.record(z.string(), z.url()),
};

const AddressBody = z.object(addressFields);

const PersonBody = z.object({
  user_id: z.string().min(1).max(64).optional(),
  sex: z.enum(["female", "male"]).optional(),
  birth_date: z.string().refine(isDate, "must be a date YYYY-MM-DD").optional(),
  height_cm: z.number().positive().optional(),
  weight_kg: z.number().positive().optional(),
  zone: z.string().refine(isZone, "must be an IANA time zone").optional(),
  seed: z.number().int().nonnegative().optional(),
  upload_token: addressFields.upload_token.optional(),
  upload_urls: addressFields.upload_urls.optional(),
});

export function peopleRoutes(app: FastifyInstance, people: People): void {
  app.post("/_sandbox/users", async (request, reply) => {
    const body = checkedBody(PersonBody, controlBody(request));
    const { upload_token: uploadToken, upload_urls: uploadUrls } = body;
    const address = uploadToken && uploadUrls ? { uploadToken, uploadUrls } : null;
    const { id } = people.create({ id: body.user_id, profile: profileOf(body), seed: body.seed, address });
    return reply.code(201).send({ user_id: id });
  });

  app.get("/_sandbox/users", async () => ({ users: people.all().map(shown) }));

  app.get("/_sandbox/users/:id", async (request) => shown(requirePerson(people, request)));

  app.put("/_sandbox/users/:id/phone", async (request) => {
    const person = requirePerson(people, request);
    const { upload_token: uploadToken, upload_urls: uploadUrls } = checkedBody(
      AddressBody,
      controlBody(request),
    );
    person.address = { uploadToken, uploadUrls } satisfies Address;
    return shown(person);
  });
}

export function requirePerson(people: People, request: FastifyRequest): Person {
  const id = param(request, "id");
  const person = people.find(id);
  if (person === undefined) throw new ControlRefusal(404, `No sandbox user ${id}; POST users makes one`);
  return person;
}

function profileOf(body: z.output<typeof PersonBody>): Partial<Profile> {
  const told = {
    sex: body.sex,
    birthDate: body.birth_date,
    heightCm: body.height_cm,
    weightKg: body.weight_kg,
    zone: body.zone,
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The token is never shown. */
const shown = ({ id, profile, seed, address }: Person): object => ({
  user_id: id,
  sex: profile.sex,
  birth_date: profile.birthDate,
  height_cm: profile.heightCm,
  weight_kg: profile.weightKg,
  zone: profile.zone,
  seed,
  is_set_up: address !== null,
  upload_urls: address?.uploadUrls ?? {},
});
