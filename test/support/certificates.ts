/** Certificates made on the spot (X.509 v3, ECDSA P-256), for servers and clients of tests. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

export interface Certificate {
  /** PEM */
  readonly certificate: string;
  /** PEM, PKCS #8 */
  readonly key: string;
}

export interface Authority extends Certificate {
  /** Issues a certificate for this name or address; by default it is valid for a day, half of which has passed. */
  issue(name: string, validity?: Validity): Certificate;
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

const halfDayMs = 12 * 3_600_000;
const aroundNow = (): Validity => ({
  from: new Date(Date.now() - halfDayMs),
  to: new Date(Date.now() + halfDayMs),
});

export function newAuthority(name = "Authority of the tests"): Authority {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const root = { issuer: name, signingKey: keys.privateKey };
  const own = certificateOf({ ...root, subject: name, key: keys.publicKey, authority: true }, aroundNow());
  return {
    certificate: own,
    key: pemOf(keys.privateKey),
    issue(subject, validity = aroundNow()) {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const certificate = certificateOf({ ...root, subject, key: publicKey, authority: false }, validity);
      return { certificate, key: pemOf(privateKey) };
    },
  };
}

interface Subject {
  readonly subject: string;
  readonly key: KeyObject;
  readonly issuer: string;
  readonly signingKey: KeyObject;
  readonly authority: boolean;
}

function certificateOf(of: Subject, { from, to }: Validity): string {
  const serial = Buffer.concat([Buffer.of(1), randomBytes(15)]);
  const signedPart = sequence(
    tagged(0, der(0x02, Buffer.of(2))),
    der(0x02, serial),
    ecdsaWithSha256,
    nameOf(of.issuer),
    sequence(utcTime(from), utcTime(to)),
    nameOf(of.subject),
    of.key.export({ type: "spki", format: "der" }),
    tagged(3, sequence(of.authority ? isAuthority : holdsFor(of.subject))),
  );
  const signature = sign("sha256", signedPart, of.signingKey);
  const whole = sequence(signedPart, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return `${["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----"].join("\n")}\n`;
}

const pemOf = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();

/** Distinguished Encoding Rules: tag, length, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes = length < 0x1_00 ? [length] : [length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, 0x80 | bytes.length, ...bytes), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const tagged = (number: number, content: Buffer): Buffer => der(0xa0 | number, content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));

const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
const commonName = oid("550403");
const basicConstraints = oid("551d13");
const subjectAltName = oid("551d11");

const nameOf = (name: string): Buffer =>
  sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));

/** yyMMddHHmmssZ */
const utcTime = (at: Date): Buffer =>
  der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`));

const critical = der(0x01, Buffer.of(0xff));
const isAuthority = sequence(basicConstraints, critical, der(0x04, sequence(der(0x01, Buffer.of(0xff)))));

const holdsFor = (name: string): Buffer => sequence(subjectAltName, der(0x04, sequence(generalName(name))));

const generalName = (name: string): Buffer =>
  isIP(name) === 4 ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name));
