import { escapeHtml, page, peopleChoice } from "../../oauth/page.ts";
import type { Sandbox } from "../../sandbox.ts";
import { scopes, words } from "../scopes.ts";

/** The consent page of v4: who the person is, and a box for each scope, all ticked. */
export function scopePage(sandbox: Sandbox, parameters: URLSearchParams, action: string): string {
  const hidden = [...parameters].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const boxes = words(parameters.get("scope") ?? "").map(
    (scope) =>
      `<label><input type="checkbox" name="granted" value="${escapeHtml(scope)}" checked> ${escapeHtml(
        scopes.get(scope) ?? scope,
      )}</label>`,
  );
  return page(
    "Link your Polar account (Dynamic API)",
    `<p><strong>${escapeHtml(sandbox.clientId)}</strong> asks to read the data below.</p>
<form method="post" action="${action}">${hidden.join("")}
<fieldset><legend>Who are you?</legend>${peopleChoice(sandbox)}</fieldset>
<fieldset><legend>What may it read?</legend>${boxes.join("")}</fieldset>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
  );
}
