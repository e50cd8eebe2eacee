import { page as anyPage, escapeHtml } from "../../kit/page.ts";
import type { Sandbox } from "../sandbox.ts";

export { escapeHtml, sendPage } from "../../kit/page.ts";

export const page = (title: string, content: string): string =>
  anyPage(title, content, "This is Systole’s Polar sandbox. Nothing here reaches Polar.");

/** The page that asks which person's watch to link, and whether to link it. */
export function consentPage(sandbox: Sandbox, parameters: URLSearchParams): string {
  const hidden = [...parameters].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return page(
    "Link your Polar account",
    `<p><strong>${escapeHtml(sandbox.clientId)}</strong> asks to read your training, sleep and daily data.</p>
<form method="post" action="/oauth2/authorization">${hidden.join("")}
<fieldset><legend>Who are you?</legend>${peopleChoice(sandbox)}</fieldset>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
  );
}

/** Returns a button for each person, and one for a new one. */
export function peopleChoice(sandbox: Sandbox): string {
  const people = sandbox.people.all().map(({ id, profile }, index) => {
    const name = escapeHtml(`${profile.firstName} ${profile.lastName} (${id})`);
    return radio(String(id), name, index === 0);
  });
  return `${people.join("")}
${radio("new", "Create a new person", people.length === 0)}`;
}

function radio(value: string, text: string, checked: boolean): string {
  const mark = checked ? " checked" : "";
  return `<label><input type="radio" name="sandbox_user" value="${value}"${mark}> ${text}</label>`;
}
