/** Pages that say how connecting ended. */
import type { ErrorCode } from "../../../errors.ts";
import type { OAuthConsent, Provider } from "../../../providers/provider.ts";
import { html } from "../../html.ts";
import type { Page } from "../document.ts";
import type { Look } from "../look.ts";
import { problemOf } from "../problems.ts";
import { endOf } from "../share.ts";
import { brandRow, codeLine, retryButton } from "./parts.ts";

/** A consent of the provider that the person may give besides, at the link made for it. */
export interface FurtherConsent {
  readonly link: string;
  readonly consent: Pick<OAuthConsent<unknown>, "name">;
  /** The data that it adds, in plain words. */
  readonly adds: readonly string[];
}

export interface Connected {
  readonly provider: Provider;
  /** The scopes that were asked for and not granted, in plain words. */
  readonly withheld: readonly string[];
  readonly further: readonly FurtherConsent[];
}

export function connectedPage({ provider, withheld, further }: Connected, look: Look): Page {
  const { words, app } = look;
  const { connected, share } = words;
  const labels = withheld.map((label) => html`<li>${label}</li>\n`);
  const notShared = html`<section>
<h2>${connected.withheld}</h2>
<ul class="items not">
${labels}</ul>
<p class="soft"><small>${connected.withheldHint}</small></p>
</section>
`;
  const offers = further.map(
    ({ link, consent, adds }) => html`<form method="get" action="/connect/${link}/${provider.slug}">
<ul class="items more">
${adds.map((added) => html`<li>${added}</li>\n`)}</ul>
<button class="plain" name="consent" value="${consent.name}">${connected.shareToo}</button>
</form>
`,
  );
  const more = html`<section>
<p>${connected.further(provider.displayName)}</p>
${offers}</section>
`;
  return {
    title: connected.title,
    body: html`${brandRow(look)}<div class="sign"></div>
<h1>${connected.title}</h1>
<p>${connected.lead(provider.displayName, app)}</p>
${withheld.length > 0 ? notShared : ""}${further.length > 0 ? more : ""}<div class="facts">
<h2>${share.endTitle}</h2>
<p>${endOf(provider, words, app)}</p>
</div>
`,
  };
}

/** The failure, the next step, and the code for support. */
export function problemPage(
  { code, provider, traceId }: { code: ErrorCode; provider: Provider | null; traceId: string | null },
  look: Look,
): Page {
  const { title, text } = problemOf(look.words, code, provider);
  return {
    title,
    body: html`${brandRow(look)}<h1>${title}</h1>
<p>${text}</p>
${retryButton(look)}${codeLine(look, code, traceId)}`,
  };
}
