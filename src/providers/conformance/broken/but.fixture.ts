import type { OAuthConsent, Provider, Resource } from "../../provider.ts";
import type { ProviderSubject } from "../cases.ts";
import { announcing, announcingConsent } from "../fakes/announcing.fixture.ts";
import { consentWith, dayResource } from "../fakes/days.fixture.ts";
import { keyed, pasting } from "../fakes/keyed.fixture.ts";
import { pushing } from "../fakes/pushing.fixture.ts";

export type Broken<Cases> = Readonly<Record<keyof Cases, readonly [ProviderSubject, ...ProviderSubject[]]>>;

/** Returns the subject with its provider changed in this one way. */
export const but = (subject: ProviderSubject, change: Partial<Provider>): ProviderSubject => ({
  ...subject,
  provider: { ...subject.provider, ...change },
});

export const withConsents = (
  subject: ProviderSubject,
  ...consents: [OAuthConsent<unknown>, ...OAuthConsent<unknown>[]]
) => but(subject, { connecting: { kind: "oauth", consents } });

/** A consent with one rule of the correct one broken. */
export const consent = (
  subject: ProviderSubject,
  change: (sound: OAuthConsent<unknown>) => Partial<OAuthConsent<unknown>>,
): ProviderSubject => {
  const sound = subject === pushing ? consentWith(true, "body") : announcingConsent;
  return withConsents(subject, { ...sound, ...change(sound) });
};

export const resource = (change: Partial<Resource>) =>
  but(announcing, { resources: [{ ...dayResource, ...change }] });
export const key = (change: Partial<typeof pasting>) => but(keyed, { connecting: { ...pasting, ...change } });
