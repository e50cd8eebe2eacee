/** A PostgreSQL for tests that restart it or use TLS with it; its certificate is for `localhost`. */
import path from "node:path";
import { runAs } from "../../src/store/embedded/run-as.ts";
import { type PostgresFacts, postgres } from "./postgres.ts";
import type { ServerRecipe } from "./server.ts";
import { certificateFiles } from "./support/server-certificate.ts";

export interface PostgresTlsFacts extends PostgresFacts {
  /** The authority that signed its certificate, in PEM. */
  readonly ca: string;
}

const name = "postgres-tls";

export const recipe: ServerRecipe<PostgresTlsFacts> = {
  ...postgres(name),
  async start(place, program) {
    const owner = runAs(path.join(place.directory, "cluster"));
    const { certificateFile, keyFile, ca } = certificateFiles(place.directory, owner);
    const tls = { ssl: "on", ssl_cert_file: certificateFile, ssl_key_file: keyFile };
    const started = await postgres(name, tls).start(place, program);
    return { ...started, facts: { ...started.facts, ca } };
  },
};
