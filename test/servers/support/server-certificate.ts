/** A certificate for `localhost` in a server's own directory, created once. */
import { chownSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { newAuthority } from "../../support/certificates.ts";

export interface CertificateFiles {
  readonly certificateFile: string;
  /** Readable by its owner alone. */
  readonly keyFile: string;
  /** The authority's certificate, in PEM. */
  readonly ca: string;
}

export interface Owner {
  readonly uid: number | null;
  readonly gid: number | null;
}

/** `owner`: the user of the server, if it is not ours. */
export function certificateFiles(directory: string, owner?: Owner): CertificateFiles {
  const file = (name: string): string => path.join(directory, name);
  const [certificateFile, keyFile, authorityFile] = ["server.pem", "server.key", "authority.pem"].map(
    file,
  ) as [string, string, string];
  if (!existsSync(authorityFile)) {
    const authority = newAuthority();
    const { certificate, key } = authority.issue("localhost");
    writeFileSync(certificateFile, certificate);
    writeFileSync(keyFile, key, { mode: 0o600 });
    const { uid = null, gid = null } = owner ?? {};
    if (uid !== null && gid !== null) for (const one of [certificateFile, keyFile]) chownSync(one, uid, gid);
    writeFileSync(authorityFile, authority.certificate);
  }
  return { certificateFile, keyFile, ca: readFileSync(authorityFile, "utf8") };
}
