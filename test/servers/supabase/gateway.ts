/**
 * Supabase's gateway, for all projects of the test server: it recognises a project by the `apikey`, which
 * must be one of its keys, and passes requests on to the project's PostgREST and storage.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerJson } from "./answers.ts";
import { claimsOf, secretKey, signKey } from "./keys.ts";
import { addressOf } from "./project.ts";
import { Rest } from "./rest.ts";
import { answerStorage } from "./routes.ts";
import { Storage } from "./storage.ts";

interface Backends {
  readonly rest: Promise<Rest>;
  readonly storage: Storage;
}

export class Gateway {
  readonly #program: string;
  readonly #superuser: string;
  readonly #projects = new Map<string, Backends>();

  constructor(program: string, superuser: string) {
    this.#program = program;
    this.#superuser = superuser;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    if (request.method === "DELETE" && path.startsWith("/projects/")) {
      await this.#end(path.slice("/projects/".length));
      return answerJson(response, 200, {});
    }
    const key = request.headers.apikey?.toString() ?? signedFor(path);
    if (key === null) {
      const hint = "No `apikey` request header or url param was found.";
      return answerJson(response, 401, { message: "No API key found in request", hint });
    }
    const ref = projectOf(key);
    if (ref === null) {
      const hint = "Double check your Supabase `anon` or `service_role` API key.";
      return answerJson(response, 401, { message: "Invalid API key", hint });
    }
    const authorization = authorizationOf(ref, request);
    const { rest, storage } = this.#backends(ref);
    if (path.startsWith("/rest/v1/")) {
      const headers = { ...request.headers, ...(authorization === undefined ? {} : { authorization }) };
      return (await rest).pass(request, response, path.slice("/rest/v1".length), headers);
    }
    if (path.startsWith("/storage/v1/")) {
      return answerStorage(ref, storage, request, response, path.slice("/storage/v1".length), authorization);
    }
    answerJson(response, 404, { message: "no Route matched with those values" });
  }

  #backends(ref: string): Backends {
    const known = this.#projects.get(ref);
    if (known !== undefined) return known;
    const begun = {
      rest: Rest.start(this.#program, this.#superuser, ref),
      storage: new Storage(addressOf(this.#superuser, { database: ref })),
    };
    this.#projects.set(ref, begun);
    return begun;
  }

  async #end(ref: string): Promise<void> {
    const known = this.#projects.get(ref);
    this.#projects.delete(ref);
    if (known === undefined) return;
    await known.storage.close();
    await known.rest.then((rest) => rest.stop());
  }
}

/**
 * Returns the project of a signed address, which needs no key; on Supabase its host tells the project, here
 * its token does.
 */
function signedFor(path: string): string | null {
  if (!path.startsWith("/storage/v1/object/sign/")) return null;
  const token = new URL(path, "http://gateway").searchParams.get("token") ?? "";
  return signKey(claimsOf(token)?.ref ?? "", "anon");
}

/** Returns null for a key of no project. */
function projectOf(key: string): string | null {
  const ref = /^sb_secret_(\w+)$/.exec(key)?.[1] ?? claimsOf(key)?.ref;
  if (ref === undefined || !/^\w+$/.test(ref)) return null;
  const keys = [secretKey(ref), ...["anon", "service_role"].map((role) => signKey(ref, role))];
  return keys.includes(key) ? ref : null;
}

/** Returns the authorization header: the gateway replaces a secret key, which is no token, by a token. */
function authorizationOf(ref: string, { headers }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  const secret = secretKey(ref);
  const isSecret = headers.apikey === secret && (authorization ?? `Bearer ${secret}`) === `Bearer ${secret}`;
  return isSecret ? `Bearer ${signKey(ref, "service_role")}` : authorization;
}
