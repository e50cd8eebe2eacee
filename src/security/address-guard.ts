/**
 * Keeps outgoing connections, to destinations and to providers alike, out of our own network. A literal
 * address is checked before the connection; a name is checked by its resolved address, at every connection
 * and inside the look-up whose answer the socket uses, so a name cannot resolve to one address for us and to
 * another for the socket.
 *
 * Only globally routable unicast passes: IPv4 outside every special range, IPv6 inside 2000::/3 and outside
 * every special range. IPv6 addresses that carry an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo) are
 * refused in any case.
 */
import dns, { type LookupAddress, type LookupOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { type AddressRules, DeliveryError, type SenderContext } from "../destinations/destination.ts";
import { type ProviderContext, ProviderError } from "../providers/provider.ts";

export interface AddressGuardOptions {
  /** SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: the operator's own network is allowed. */
  readonly allowPrivate: boolean;
  /** The system's resolver by default. */
  readonly resolve?: Resolve;
}

type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/** Makes the error for a refused host. */
type Refusal = (hostname: string) => Error;

export interface DestinationGuardOptions extends AddressGuardOptions {
  /** Tells whether a URL is one of this server's own receivers; none is when absent. */
  readonly isOwn?: (url: URL) => boolean;
}

/** Returns the guard for destinations. */
export function createAddressGuard({
  allowPrivate,
  resolve,
  isOwn = () => false,
}: DestinationGuardOptions): SenderContext {
  if (allowPrivate) return anywhere;
  const refusal: Refusal = (hostname) =>
    new DeliveryError("DESTINATION_ADDRESS_PRIVATE", "later", {}, { reason: hostname });
  const usual: AddressRules = {
    lookup: guardedLookup(resolve ?? dns.lookup, refusal),
    assertAddressAllowed: (hostname) => assertPublic(hostname, refusal),
  };
  return { ...usual, rulesFor: (url) => (isOwn(url) ? anywhere : usual) };
}

/**
 * Returns the guard for providers. Their calls carry people's tokens: without TLS they may go only to private
 * addresses.
 */
export function createProviderGuard({ allowPrivate, resolve }: AddressGuardOptions): ProviderContext {
  if (allowPrivate) return { lookup: systemLookup, assertUrlAllowed: () => {} };
  const refusal: Refusal = (host) => new ProviderError("PROVIDER_ADDRESS_PRIVATE", "later", { host });
  return {
    lookup: guardedLookup(resolve ?? dns.lookup, refusal),
    assertUrlAllowed({ protocol, hostname }) {
      assertPublic(hostname, refusal);
      if (protocol !== "https:")
        throw new ProviderError("PROVIDER_ADDRESS_PLAIN", "later", { host: hostname });
    },
  };
}

const systemLookup = dns.lookup as LookupFunction;

const anywhere: AddressRules = { lookup: systemLookup, assertAddressAllowed: () => {} };

const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/** Whether an IP address is on the public internet. */
export function isPublicAddress(address: string): boolean {
  const [withoutZone = ""] = address.split("%");
  if (!ipaddr.isValid(withoutZone)) return false;
  const parsed = ipaddr.parse(withoutZone);
  if (parsed.range() !== "unicast") return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast);
}

/** Refuses a literal address that is not public: a socket given a literal looks nothing up. */
function assertPublic(hostname: string, refusal: Refusal): void {
  if (isLocalhost(hostname)) throw refusal(hostname);
  const literal = literalAddress(hostname);
  if (literal !== null && !isPublicAddress(literal)) throw refusal(hostname);
}

/** RFC 6761: these names mean this machine, whatever a name server says. */
const isLocalhost = (hostname: string): boolean => /(^|\.)localhost\.?$/i.test(hostname);

/** Returns the address that a host name spells out, in any form that URLs know (`[::1]`, `2130706433`, `0x7f.1`). */
function literalAddress(hostname: string): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) !== 0) return bare;
  const parsed = URL.parse(`http://${hostname}/`);
  const host = parsed?.hostname.replace(/^\[(.*)\]$/, "$1") ?? "";
  return isIP(host) === 0 ? null : host;
}

const guardedLookup =
  (resolve: Resolve, refusal: Refusal): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const allowed = found.filter(({ address }) => isPublicAddress(address));
      const [first] = allowed;
      if (first === undefined) return callback(refusal(hostname), []);
      answer(options, allowed, first, callback);
    });
  };

function answer(
  options: LookupOptions,
  allowed: LookupAddress[],
  first: LookupAddress,
  callback: Parameters<LookupFunction>[2],
): void {
  if (options.all) callback(null, allowed);
  else callback(null, first.address, first.family);
}
