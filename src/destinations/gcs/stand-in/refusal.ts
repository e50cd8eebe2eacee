/** A request that is refused, with the body that Google answers. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#error-codes */
export const invalidGrant = (description: string): Refusal =>
  new Refusal(400, { error: "invalid_grant", error_description: description });

/** https://cloud.google.com/storage/docs/json_api/v1/status-codes */
export const storageRefusal = (code: number, reason: string, message: string): Refusal =>
  new Refusal(code, { error: { code, message, errors: [{ message, domain: "global", reason }] } });

export const forbidden = (email: string, permission: string): Refusal =>
  storageRefusal(
    403,
    "forbidden",
    `${email} does not have ${permission} access to the Google Cloud Storage object. ` +
      `Permission '${permission}' denied on resource (or it may not exist).`,
  );
