/**
 * Every error that a caller, an operator or a log line can show, in one place.
 *
 * A code never changes its meaning. `message` is static text; facts that vary are in `details`.
 * `docs/errors.md` is generated from this catalogue, and a check fails when it is outdated.
 */
interface CatalogueEntry {
  /** The HTTP status when the error answers a request; 500 for errors that never should. */
  readonly status: number;
  readonly message: string;
  /** An explanation and a remedy, for docs/errors.md. */
  readonly remedy: string;
}

export const errorCatalogue = {
  // --- credentials and requests -------------------------------------------------------------------
  CREDENTIALS_MISSING: {
    status: 401,
    message: "dev-id or x-api-key headers are missing",
    remedy: "Send both headers with every request to /v2; `npm start` prints them once.",
  },
  CREDENTIALS_INVALID: {
    status: 401,
    message: "dev-id or x-api-key is not valid",
    remedy: "Check that both belong to the same environment and that the key was not revoked.",
  },
  ADMIN_TOKEN_INVALID: {
    status: 401,
    message: "The admin token is missing or not valid",
    remedy: "Send `Authorization: Bearer $SYSTOLE_ADMIN_TOKEN`.",
  },
  ADMIN_TOKEN_GUESSED: {
    status: 429,
    message: "Too many wrong admin tokens were sent",
    remedy:
      "Wait as long as `Retry-After` says. A token that was right before, since the last start, is accepted at once.",
  },
  OPERATOR_FORBIDDEN: {
    status: 403,
    message: "This operator may look at everything and change nothing",
    remedy: "Ask with the token of an operator, or from the account of somebody, whose role is `admin`.",
  },
  SIGN_IN_REFUSED: {
    status: 401,
    message: "The e-mail or the password is wrong",
    remedy: "Try again; another admin can set a new password, and so can the holder of the admin token.",
  },
  SIGN_IN_LINK_INVALID: {
    status: 401,
    message: "This sign-in link was used already, or it is older than ten minutes",
    remedy: "Sign in with e-mail and password, or ask for another link.",
  },
  ACCOUNT_SESSION_ENDED: {
    status: 401,
    message: "This dashboard session has ended",
    remedy: "Sign in again.",
  },
  CSRF_REFUSED: {
    status: 403,
    message: "This change was not asked for by a page of this server",
    remedy:
      "With a session cookie, send `csrf_token` of GET /admin/v1/session as `x-csrf-token`, from a page of this server.",
  },
  STREAMS_TOO_MANY: {
    status: 429,
    message: "Too many streams of events are open",
    remedy: "Close a page that shows live events; ten are allowed for a caller, a hundred in a process.",
  },
  EXAMPLE_MISSING: {
    status: 404,
    message: "There is no example of this type for this provider",
    remedy:
      "`details.providers` names the providers that have the type. Examples need the provider's sandbox.",
  },
  REQUEST_INVALID: {
    status: 400,
    message: "The request is not valid",
    remedy: "`details` names each field and what is wrong with it.",
  },
  REQUEST_BODY_NOT_JSON: {
    status: 400,
    message: "The request body is not valid JSON",
    remedy: "Send a JSON body with `Content-Type: application/json`.",
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    message: "The request body is larger than this route accepts",
    remedy: "Send less at a time; the limit is in `details.limit_bytes`.",
  },
  REQUEST_HEADERS_TOO_LARGE: {
    status: 431,
    message: "The request's headers are larger than 16 kB",
    remedy: "Send fewer or shorter headers and cookies.",
  },
  REQUEST_TOO_SLOW: {
    status: 408,
    message: "The request took too long to arrive",
    remedy: "Headers have 15 seconds to arrive, a whole request has 60. On a slow line, send less at a time.",
  },
  REQUEST_MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    message: "The content type of the request is not supported",
    remedy: "Use `application/json`.",
  },
  DATE_INVALID: {
    status: 400,
    message: "invalid date",
    remedy: "Dates are `YYYY-MM-DD` or ten-digit unix seconds; `details.parameter` names the wrong one.",
  },
  DATE_RANGE_REVERSED: {
    status: 400,
    message: "end_date is before start_date",
    remedy: "Swap the two dates.",
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    message: "There is nothing at this address",
    remedy: "See /docs for every route.",
  },
  USER_NOT_FOUND: {
    status: 404,
    message: "user not found",
    remedy: "No connection of this environment has that user_id or reference_id.",
  },
  DATA_TYPE_UNSUPPORTED: {
    status: 404,
    message: "this connection does not support the requested data type",
    remedy: "`GET /v2/integrations/detailed` says which data types each provider has.",
  },
  RESOURCE_NOT_FOUND: {
    status: 404,
    message: "not found",
    remedy: "No object of this environment has that id.",
  },
  PROVIDER_UNKNOWN: {
    status: 404,
    message: "There is no such provider",
    remedy: "`GET /v2/integrations` lists the providers.",
  },
  PROVIDER_NOT_CONFIGURED: {
    status: 400,
    message: "The provider has no credentials in this environment",
    remedy: "Set its credentials: PUT /admin/v1/providers/{slug}, or its variables in docs/configuration.md.",
  },
  AUTH_TOKEN_INVALID: {
    status: 401,
    message: "There is no such token to redeem",
    remedy: "Ask the developer's server for another one: POST /v2/auth/generateAuthToken.",
  },
  AUTH_TOKEN_USED: {
    status: 401,
    message: "This token was redeemed before; it works once",
    remedy:
      "Use the upload token that the first redemption answered with, or ask the developer's server for another token.",
  },
  AUTH_TOKEN_EXPIRED: {
    status: 401,
    message: "This token has expired",
    remedy: "It lasts 180 seconds. Ask the developer's server for another one just before it is redeemed.",
  },
  AUTH_TOKEN_OTHER_ENVIRONMENT: {
    status: 401,
    message: "This token belongs to another environment than the one that the dev-id names",
    remedy: "Send the dev-id of the environment that made the token, or none.",
  },
  PROVIDER_TAKES_NO_UPLOADS: {
    status: 400,
    message: "People do not connect this provider by uploads",
    remedy:
      "Use a connect link (POST /v2/auth/generateWidgetSession). `sdk_providers` of GET /v2/integrations lists the providers that take a token.",
  },
  UPLOAD_TOKEN_INVALID: {
    status: 401,
    message: "The upload token is missing, or there is no such token for this provider",
    remedy: "Send the token that connecting answered with, as `Authorization: Bearer …`.",
  },
  UPLOAD_TOKEN_ENDED: {
    status: 401,
    message: "The upload token was revoked, or it has expired",
    remedy: "Use the token that replaced it; an app's SDK refreshes its own. Otherwise connect again.",
  },
  UPLOAD_CONNECTION_ENDED: {
    status: 401,
    message: "The connection of this upload token was ended; nothing is kept any more",
    remedy: "Stop uploading, or connect again to get a new token.",
  },
  UPLOAD_TOKEN_OF_ANOTHER: {
    status: 403,
    message: "The token belongs to another person than the one in the address",
    remedy: "Send each person's own token, to the address with their user_id.",
  },
  INVITATION_CODE_INVALID: {
    status: 404,
    message: "There is no such invitation code, or it was used or has expired",
    remedy: "Ask the developer for another one: POST /api/v1/users/{id}/invitation-code.",
  },
  INVITATION_CODES_GUESSED: {
    status: 429,
    message: "Too many wrong invitation codes were sent from this address",
    remedy: "Wait as long as `Retry-After` says.",
  },
  UPLOAD_TOO_LARGE: {
    status: 413,
    message: "The upload is too large",
    remedy: "Send it in several parts; `details` has the limit.",
  },
  UPLOAD_BODY_INVALID: {
    status: 400,
    message: "The upload cannot be read",
    remedy: "Send it in the format of its address; `details` says what is wrong, and where.",
  },
  UPLOAD_FILE_MISSING: {
    status: 400,
    message: "The form has no file, an empty file, or more than one",
    remedy: "Choose one file, as the device made it, and send the form again.",
  },
  UPLOAD_FILE_NOT_RECOGNISED: {
    status: 422,
    message: "The file is not, and does not contain, an export of this format",
    remedy: "Upload the file as the device made it; `details` says what was found instead.",
  },
  UPLOAD_FILE_CUT: {
    status: 422,
    message: "The file ends in the middle",
    remedy:
      "Everything up to the end was taken; `details` has the byte and the line. Export again and upload the new file.",
  },
  UPLOAD_FILE_MALFORMED: {
    status: 422,
    message: "The file cannot be read beyond a certain place",
    remedy:
      "Everything up to that place was taken; `details` has the byte, the line and the reason. Export again and upload the new file.",
  },
  UPLOAD_ZIP_DAMAGED: {
    status: 422,
    message: "The zip file is damaged or cut off",
    remedy: "Upload it again; if that does not help, export again. What could be read was taken.",
  },
  UPLOAD_ZIP_CHECKSUM_WRONG: {
    status: 422,
    message: "The checksum of a file in the zip file is wrong",
    remedy:
      "The zip file was damaged on its way: upload it again. What was read was taken, but replaces nothing.",
  },
  UPLOAD_ZIP_ENCRYPTED: {
    status: 422,
    message: "The zip file is encrypted",
    remedy: "Upload a zip file without a password.",
  },
  UPLOAD_ZIP_PATH_UNSAFE: {
    status: 422,
    message: "A name in the zip file leads out of its folder",
    remedy: "No device makes such a file. Export again, and upload the file as it is.",
  },
  UPLOAD_ZIP_TOO_MANY_FILES: {
    status: 422,
    message: "The zip file contains too many files",
    remedy: "Upload the export alone; `details` has the limit.",
  },
  UPLOAD_ZIP_TOO_LARGE: {
    status: 422,
    message: "The zip file is too large when unpacked, or was compressed beyond what real data allow",
    remedy: "Upload the file as the device made it; `details` has the limit.",
  },
  UPLOAD_ZIP_NESTED: {
    status: 422,
    message: "The zip file contains another zip file in place of an export",
    remedy: "Unpack it once, and upload the zip file inside.",
  },
  UPLOAD_UNKNOWN: {
    status: 404,
    message: "There is no upload with this id",
    remedy: "Begin a new one. An upload that was not finished within a day is removed.",
  },
  UPLOADS_UNFINISHED: {
    status: 429,
    message: "This connection has too many unfinished uploads",
    remedy: "Finish or delete them, or wait a day; `details` has the limit.",
  },
  UPLOAD_NOT_JSON: {
    status: 400,
    message: "The upload is not JSON",
    remedy: "Send JSON, gzipped or not; `details.at_byte` says where it stops being JSON.",
  },
  UPLOAD_CUT_OFF: {
    status: 400,
    message: "The upload ends too early",
    remedy: "Send it again: the connection broke, or the client stopped. Nothing of it was kept.",
  },
  UPLOAD_COMPRESSED_TWICE: {
    status: 400,
    message: "The upload is gzipped twice",
    remedy: "Gzip the body once: a proxy or a library may have compressed what was compressed already.",
  },
  UPLOADS_BUSY: {
    status: 503,
    message: "Too many uploads are being received",
    remedy: "Wait as long as `Retry-After` says and send it again.",
  },
  UPLOAD_FORMAT_UNKNOWN: {
    status: 404,
    message: "The provider has no upload format of this name",
    remedy: "The connect page and GET /v2/integrations/detailed name the formats.",
  },
  CONSENT_UNKNOWN: {
    status: 400,
    message: "The provider has no such consent, or the person gave it already",
    remedy: "GET /v2/integrations/detailed names the provider; a connection is made with its first consent.",
  },
  CONSENT_OTHER_ACCOUNT: {
    status: 409,
    message: "This consent was given with another account than the one that is connected",
    remedy: "Log out at the provider, and give the consent with the account that you connected first.",
  },
  PROVIDER_KEY_REFUSED: {
    status: 400,
    message: "The provider refuses this key",
    remedy: "Make a new key at the provider, copy it whole, and paste it again.",
  },
  SESSION_NOT_FOUND: {
    status: 404,
    message: "This connect link is not valid or has expired",
    remedy: "Ask the app you came from for a new link.",
  },
  SESSION_USED: {
    status: 410,
    message: "Somebody has already connected with this link",
    remedy:
      "If it was you, close this page and go back to the app. To connect something else, ask the app for a new link.",
  },
  REDIRECT_URL_INVALID: {
    status: 400,
    message: "A redirect URL must be an absolute http or https URL, or an app's own scheme",
    remedy: "Correct `auth_success_redirect_url` or `auth_failure_redirect_url`.",
  },
  REDIRECT_ORIGIN_REFUSED: {
    status: 400,
    message: "This environment does not send browsers to that origin",
    remedy: "`details.allowed` names those it does; `PATCH /admin/v1/environments/{dev_id}` changes them.",
  },
  INTERNAL: {
    status: 500,
    message: "Something went wrong inside Systole",
    remedy: "The log line with the same trace id says what; please report it.",
  },

  // --- authorisation at a provider ----------------------------------------------------------------
  OAUTH_STATE_INVALID: {
    status: 400,
    message: "This authorisation was not started here, was already used or has expired",
    remedy:
      "Start again from the connect link, and log in within 30 minutes. If you have connected already, close this page and go back to the app.",
  },
  OAUTH_OTHER_BROWSER: {
    status: 400,
    message: "This authorisation was started in another browser, so nothing was connected",
    remedy:
      "Open the connect link again and finish in the same browser, with cookies allowed. If you did not start to connect anything, close this page.",
  },
  REPLACEMENT_DECLINED: {
    status: 400,
    message: "The account that was connected before stays connected",
    remedy: "To use the other account after all, start again from the connect link.",
  },
  REPLACEMENT_EXPIRED: {
    status: 410,
    message: "This question was already answered, or not within 15 minutes",
    remedy:
      "If you chose an account, close this page and go back to the app. Otherwise start again from the connect link.",
  },
  OAUTH_DENIED: {
    status: 400,
    message: "The person did not give access",
    remedy: "They can start again from the connect link.",
  },
  OAUTH_EXCHANGE_FAILED: {
    status: 502,
    message: "The provider did not exchange the authorisation code for a token",
    remedy: "Check the client id, secret and redirect URL registered at the provider.",
  },
  PROVIDER_REGISTRATION_FAILED: {
    status: 502,
    message: "The provider did not register the person for this client",
    remedy: "The person may have to accept the provider's terms or mandatory consents first.",
  },

  // --- provider notifications ---------------------------------------------------------------------
  NOTIFICATION_SIGNATURE_INVALID: {
    status: 401,
    message: "The notification's signature is not valid",
    remedy: "Only the provider knows the secret; if it is genuine, recreate the webhook at the provider.",
  },
  NOTIFICATION_SECRET_UNKNOWN: {
    status: 503,
    message: "The notification cannot be verified because no webhook secret is known yet",
    remedy: "Set SYSTOLE_PUBLIC_URL so that Systole creates its webhook, or store the secret.",
  },
  NOTIFICATION_BODY_INVALID: {
    status: 400,
    message: "The notification's body does not match the provider's documentation",
    remedy: "The beginning of the body is kept with the notification; nothing was fetched for it.",
  },
  NOTIFICATION_TOO_LARGE: {
    status: 413,
    message: "The notification is larger than any the provider sends",
    remedy: "It was refused and counted; `details` has its length.",
  },
  NOTIFICATION_USER_UNKNOWN: {
    status: 200,
    message: "No connection has this provider user",
    remedy: "The notification is kept and is fetched as soon as that person connects.",
  },
  CONNECTION_PAUSED: {
    status: 200,
    message: "The connection is switched off",
    remedy:
      "The notification is kept and is fetched as soon as `PATCH /v2/users/{id}` makes it active again.",
  },
  NOTIFICATION_COALESCED: {
    status: 200,
    message: "The same data was announced before and has not been fetched yet",
    remedy: "Nothing to do: one fetch serves both notifications; `details.coalesced_with` names the first.",
  },
  NOTIFICATION_EVENT_UNKNOWN: {
    status: 200,
    message: "The provider sent an event this version does not know",
    remedy: "The notification is kept and acknowledged; an update may know the event.",
  },

  // --- probing a provider -------------------------------------------------------------------------
  PROBE_MISSING: {
    status: 404,
    message: "This provider has no probe",
    remedy: "Only a provider whose documents leave questions open has one; its README says so.",
  },
  PROBE_CHECK_UNKNOWN: {
    status: 404,
    message: "The probe has no such check, or it needs an option",
    remedy:
      "GET /admin/v1/users/{id}/probe lists the checks; one with an option changes something at the provider.",
  },
  PROBE_CONSENT_MISSING: {
    status: 409,
    message: "The person has not given the consent that this check needs",
    remedy: "The person gives it on the connect page; then run the probe again.",
  },

  // --- fetching from a provider -------------------------------------------------------------------
  PROVIDER_UNAUTHORIZED: {
    status: 502,
    message: "The provider no longer accepts this person's token",
    remedy: "Access was revoked or has expired; the person connects again. Sent as `access_revoked`.",
  },
  PROVIDER_FORBIDDEN: {
    status: 424,
    message: "request failed due to a provider permission issue",
    remedy:
      "The person may have to accept the provider's terms or mandatory consents. Sent as `connection_error`; retried later.",
  },
  PROVIDER_RESOURCE_MISSING: {
    status: 404,
    message: "The provider has no such data",
    remedy: "It was deleted, is not there yet, or is outside the provider's window. Retried for a while.",
  },
  PROVIDER_RATE_LIMITED: {
    status: 503,
    message: "The provider's rate limit is reached",
    remedy: "Retried automatically when the provider's window resets.",
  },
  PROVIDER_BUDGET_SPENT: {
    status: 503,
    message: "The provider's limits allow no further call just now",
    remedy: "The task waits until they do; this is no failure. The metrics show how many calls are left.",
  },
  PROVIDER_UNAVAILABLE: {
    status: 503,
    message: "The provider cannot be reached or answers with a server error",
    remedy: "Retried automatically with growing pauses.",
  },
  PROVIDER_REFUSED: {
    status: 502,
    message: "The provider refused the request",
    remedy: "`details.status` has the provider's answer.",
  },
  PROVIDER_RESOURCE_UNAVAILABLE: {
    status: 502,
    message: "The person's account has no such data, or their permission does not cover it",
    remedy:
      "Nothing to do. It is asked for again after an hour, later once a day; once there is an answer, all of it is fetched.",
  },
  PROVIDER_PAGES_ENDLESS: {
    status: 502,
    message: "The pages of a list repeat or do not end",
    remedy:
      "The pages that were read are kept. The list is asked for again later; the next answer may be whole.",
  },
  PROVIDER_OUT_OF_REACH: {
    status: 502,
    message: "The provider says that these days are too old to be requested",
    remedy: "Nothing to do: the days count as requested, and are not requested again.",
  },
  PROVIDER_BODY_INVALID: {
    status: 502,
    message: "The provider's answer matches neither its documentation nor answers seen so far",
    remedy: "The body is kept raw; it is fetched again later and can be normalised after an update.",
  },
  PROVIDER_BODY_TOO_LARGE: {
    status: 502,
    message: "The provider's answer is larger than the limit",
    remedy:
      "Nothing of this size is known from devices. The request is recorded; if `details.limit` is about items, keys, values or depth, the body is kept raw.",
  },
  PROVIDER_BODY_UNPARSABLE: {
    status: 502,
    message: "Reading the provider's answer took more memory or time than is allowed",
    remedy:
      "The body is kept raw and given up after two tries. Please report it: `details` names its raw payload.",
  },

  PROVIDER_ADDRESS_PRIVATE: {
    status: 400,
    message: "An address of the provider is private, loopback or link-local",
    remedy: "Set SYSTOLE_ALLOW_PRIVATE_DESTINATIONS=true if this is your own network and you mean it.",
  },
  PROVIDER_ADDRESS_PLAIN: {
    status: 400,
    message: "An address of the provider is without TLS",
    remedy: "Use https. Plain http is only for your own network: SYSTOLE_ALLOW_PRIVATE_DESTINATIONS=true.",
  },
  PROVIDER_SETTINGS_INVALID: {
    status: 409,
    message: "The provider's stored settings are not valid",
    remedy: "`details` names each setting and what is wrong with it. Set the provider's settings again.",
  },

  // --- rebuilding records -------------------------------------------------------------------------
  RENORMALIZATION_ENDED: {
    status: 409,
    message: "The renormalisation has ended",
    remedy: "Only a running one can be cancelled, and a finished one cannot be resumed: begin another.",
  },
  RECORD_RAW_MISSING: {
    status: 500,
    message: "The raw payloads of the record are missing",
    remedy: "The record stays as it is. It was not made from payloads that this Systole keeps.",
  },
  RECORD_NOT_MADE: {
    status: 500,
    message: "The mapping no longer makes this record from its raw payloads",
    remedy:
      "The record stays as it is. Look at its raw bodies (`GET /admin/v1/users/{id}/records/{type}/{key}/raw`) and at what the CHANGELOG says about the mapping.",
  },
  DATA_TYPE_NOT_CHOSEN: {
    status: 500,
    message: "The environment does not handle this data type of the provider",
    remedy:
      "The record stays as it is. Choose the type under *Sources*, or with `PUT /admin/v1/providers/{slug}/data`: then its records are made up to date.",
  },
  RECORD_MAPPER_NEWER: {
    status: 500,
    message: "The record was made by a newer mapping than this process has",
    remedy: "The record stays as it is. Update the older processes, then renormalise again.",
  },
  // --- delivery -----------------------------------------------------------------------------------
  DESTINATION_KIND_UNKNOWN: {
    status: 400,
    message: "There is no such kind of destination",
    remedy: "`GET /admin/v1/destinations/kinds` lists the kinds with their settings.",
  },
  FORMAT_UNKNOWN: {
    status: 400,
    message: "There is no such format of records",
    remedy: "`details.formats` lists the formats there are.",
  },
  FORMAT_LACKS_DATA_TYPE: {
    status: 400,
    message: "The format has no form for this data type",
    remedy: "Ask for the records in Terra's format, or in FHIR, which has a form for every data type.",
  },
  FORMAT_RANGE_TOO_LARGE: {
    status: 400,
    message: "The records of this range are too many to be given in the format in one answer",
    remedy:
      "Ask for fewer days at once, or without samples. `details.limit_bytes` is the limit of their JSON.",
  },
  DESTINATION_FORMAT_UNSUPPORTED: {
    status: 400,
    message: "This kind of destination does not take the format",
    remedy: "`details.formats` lists those that it takes. SQL and document stores take no files.",
  },
  DESTINATION_SETTINGS_INVALID: {
    status: 400,
    message: "The settings of the destination are not valid",
    remedy: "`details` names each setting and what is wrong with it.",
  },
  SETTINGS_SECRETS_WANTED: {
    status: 400,
    message: "The address changed; give the secrets again",
    remedy:
      "Stored secrets are not used with a changed address. Send the secrets that `details.settings` names along with the change.",
  },
  DESTINATION_ADDRESS_PRIVATE: {
    status: 400,
    message: "The destination's address is private, loopback or link-local",
    remedy: "Set SYSTOLE_ALLOW_PRIVATE_DESTINATIONS=true if this is your own network and you mean it.",
  },
  DESTINATION_INACTIVE: {
    status: 409,
    message: "The destination is switched off",
    remedy: "Activate it with `PATCH /admin/v1/destinations/{id}` and `active: true`, then ask again.",
  },
  DESTINATION_IN_USE: {
    status: 409,
    message: "Other destinations store their linked bodies in this one",
    remedy: "`details.destinations` names them; change their `link` first.",
  },
  DESTINATION_HAS_NO_SECRET: {
    status: 400,
    message: "Destinations of this kind have no secret that Systole issues",
    remedy: "Change the credentials in its settings, with `PATCH /admin/v1/destinations/{id}`.",
  },
  RECEIVERS_TOO_MANY: {
    status: 409,
    message: "This environment has as many built-in receivers as it may",
    remedy: "Use one of them, or remove one with `DELETE /admin/v1/receivers/{id}`.",
  },
  RECEIVER_NOT_FOUND: {
    status: 404,
    message: "There is no built-in receiver at this address",
    remedy:
      "A receiver that nobody looks at for 24 hours is removed. `POST /admin/v1/receivers` makes another one.",
  },
  RECEIVER_BUSY: {
    status: 429,
    message: "The built-in receiver gets more requests than it takes",
    remedy: "Wait as long as `Retry-After` says. Systole sends a delivery that meets this again by itself.",
  },
  RECEIVER_SIGNATURE_REFUSED: {
    status: 401,
    message: "The request is not signed with the secret of the receiver's destination",
    remedy:
      "`details.signature` says whether `terra-signature` is missing, malformed, wrong or stale (older than five minutes). The request is kept all the same, to be looked at.",
  },
  SANDBOX_MISSING: {
    status: 409,
    message: "This provider is not played by a sandbox here",
    remedy:
      "Start `npm run sandbox` and point the provider's addresses at it, as it prints them. Real data comes from the person's own watch.",
  },
  SANDBOX_REFUSED: {
    status: 502,
    message: "The sandbox did not do what it was asked for",
    remedy:
      "`details` has its status. A sandbox that was started again has forgotten its people: connect another one.",
  },
  SANDBOX_PERSON_NOT_CONNECTED: {
    status: 409,
    message: "The person of the sandbox could not be connected",
    remedy:
      "`details.reason` says why. `reference_in_use`: somebody is connected under this reference_id already, so choose another one.",
  },
  PAYLOAD_LINK_UNKNOWN: {
    status: 404,
    message: "This is not a payload link made by Systole",
    remedy: "Use the `url` of the `s3_payload` event exactly as it came.",
  },
  PAYLOAD_LINK_EXPIRED: {
    status: 410,
    message: "The link to this payload has expired",
    remedy: "Replay the event (`event_id` beside the `url`): that makes a new link.",
  },
  PAYLOAD_GONE: {
    status: 410,
    message: "The payload is no longer kept",
    remedy:
      "Events are kept for six weeks, and no longer than their person is connected. Request the data again.",
  },
  DELIVERY_FAILED: {
    status: 502,
    message: "The destination did not take the event",
    remedy: "Retried from 5 s up to 8 h apart for a little over a day; `details.status` has the answer.",
  },
  DELIVERY_TIMEOUT: {
    status: 504,
    message: "The destination did not answer in time",
    remedy: "A webhook has 8 s from the last byte of the body; answer first, work afterwards. Retried.",
  },
  DELIVERY_PAUSED: {
    status: 503,
    message: "The destination kept failing for more than a day, so this was never sent",
    remedy: "Repair the destination, activate it, then replay the dead letter.",
  },
  DELIVERY_GONE: {
    status: 410,
    message: "The destination says it is gone",
    remedy: "It answered 410, so it was disabled. Activate it again when it is back.",
  },

  EVENT_EXPIRED: {
    status: 410,
    message: "The event is past its retention",
    remedy: "Events are kept for six weeks. The record itself can still be read and requested anew.",
  },
  DELIVERY_REJECTED: {
    status: 422,
    message: "The destination will never take this event",
    remedy:
      "The attempt's `response` has the target's message. Repair the target, then replay the dead letter.",
  },
  DELIVERY_TOO_LARGE: {
    status: 413,
    message: "The event is larger than the destination takes, also as a link",
    remedy: "Raise the target's limit, then replay the dead letter.",
  },
  DESTINATION_CREDENTIALS_REFUSED: {
    status: 403,
    message: "The destination does not accept the credentials",
    remedy: "Correct them in the destination's settings; waiting events are sent with the new ones. Retried.",
  },
  DESTINATION_PERMISSION_MISSING: {
    status: 403,
    message: "The destination's credentials lack a permission",
    remedy: "`details.reason` names it; the kind's README has the least that has to be granted. Retried.",
  },
  DESTINATION_LAYOUT_BEHIND: {
    status: 409,
    message: "The event was delivered; tables and views of a former version were not brought up to date",
    remedy:
      "The attempt's `response` has the server's message. Grant what is missing, or see the kind's README; the next connection tries again.",
  },
  DESTINATION_INCAPABLE: {
    status: 501,
    message: "The destination's server lacks something that deliveries need",
    remedy: "`details.reason` names it; switch it on at the server, or use another one. Retried.",
  },
  DESTINATION_TARGET_MISSING: {
    status: 404,
    message: "The bucket, database, queue or topic does not exist and cannot be created",
    remedy: "Create it, or correct its name in the destination's settings. Retried.",
  },

  // --- starting and the store ---------------------------------------------------------------------
  CONFIG_INVALID: {
    status: 500,
    message: "The configuration is not valid",
    remedy: "Correct the named variables; docs/configuration.md describes all of them.",
  },
  SECRET_KEY_WRONG: {
    status: 500,
    message: "SYSTOLE_SECRET_KEY is not the key this database was sealed with",
    remedy: "Start with the key that was in use, or with the secret-key file of the same data directory.",
  },
  SECRET_KEY_MISSING: {
    status: 500,
    message: "The secret key that this database was sealed with is missing",
    remedy:
      "Put the file `secret-key` back into the data directory, or set SYSTOLE_SECRET_KEY to its content. No other key opens the sealed values.",
  },
  SEALED_VALUE_CORRUPT: {
    status: 500,
    message: "A sealed value cannot be opened",
    remedy: "It was changed or sealed with a key that is not in the key ring.",
  },
  PORT_IN_USE: {
    status: 500,
    message: "The port is already in use",
    remedy: "Stop the other program, or choose another port by the variable or option named here.",
  },
  DATA_DIR_IN_USE: {
    status: 500,
    message: "Another Systole is running on this data directory",
    remedy: "Stop it, or give this one a SYSTOLE_DATA_DIR of its own.",
  },
  DATA_DIR_UNUSABLE: {
    status: 500,
    message: "The data directory cannot be used",
    remedy: "Check that SYSTOLE_DATA_DIR exists or can be created, and is writable.",
  },
  DISK_FULL: {
    status: 503,
    message: "The disk is full",
    remedy: "Free some space. Nothing was acknowledged without being stored, so nothing is lost.",
  },
  STORE_UNAVAILABLE: {
    status: 503,
    message: "The database cannot be reached",
    remedy: "Check DATABASE_URL and that PostgreSQL 15 or newer answers there.",
  },
  SHARDS_MOVED: {
    status: 503,
    message:
      "Citus moved people's data to another node while it was read, so that the backup would not be whole",
    remedy: "Run it again when SELECT * FROM citus_rebalance_status() says that the move is over.",
  },
  BODY_STORE_UNAVAILABLE: {
    status: 503,
    message: "The store of bodies cannot be reached, or refuses",
    remedy:
      "Check SYSTOLE_BODY_STORE, its credentials and its free space: docs/guides/bodies.md. What was not stored is tried again.",
  },
  BODY_STORE_NOT_SET: {
    status: 409,
    message: "This server keeps bodies in the database",
    remedy: "Start it with SYSTOLE_BODY_STORE: docs/guides/bodies.md.",
  },
  BODY_MISSING: {
    status: 500,
    message: "A body is missing in the store of bodies",
    remedy:
      "SYSTOLE_BODY_STORE may name another place than before, or the object was deleted there: restore it from a backup, or make the record anew with `systole renormalize`.",
  },
  STORE_PERMISSION_MISSING: {
    status: 500,
    message: "The database role lacks a right",
    remedy:
      "As the database's owner or a superuser: GRANT CREATE ON DATABASE <database> TO <role>; GRANT USAGE, CREATE ON SCHEMA public TO <role>; or make the role the owner of the database.",
  },
  STORE_TLS_FAILED: {
    status: 503,
    message: "The connection to the database cannot be secured as DATABASE_URL asks",
    remedy:
      "Switch TLS on at the server, or ask for none with sslmode=disable if the network is your own. For a certificate of your own authority add sslrootcert=<file>.",
  },
  STORE_ABSENT: {
    status: 500,
    message: "There is no Systole in this data directory",
    remedy:
      "Set SYSTOLE_DATA_DIR or DATABASE_URL as the server has them, or start Systole once; nothing was made.",
  },
  STORE_PASSWORD_LOST: {
    status: 500,
    message: "The password of the embedded PostgreSQL is lost",
    remedy:
      "Put the file `postgres-password` back into the data directory, or set a new one: docs/guides/operations.md, Lost keys.",
  },
  STORE_START_FAILED: {
    status: 500,
    message: "The embedded PostgreSQL did not start",
    remedy: "`details.log` has its last output; with your own DATABASE_URL it is not needed.",
  },
  STORE_VERSION_UNSUPPORTED: {
    status: 500,
    message: "The database server is older than PostgreSQL 15",
    remedy: "Use PostgreSQL 15 or newer, or omit DATABASE_URL for the embedded one.",
  },
  STORE_NEWER_THAN_CODE: {
    status: 500,
    message: "The database was migrated by a newer Systole",
    remedy: "Migrations only go forward: run the newer version.",
  },
  BACKUP_UNREADABLE: {
    status: 500,
    message: "This file is no complete backup that this Systole can read",
    remedy: "`details.reason` says what is wrong. No row was written; take another backup.",
  },
  BACKUP_KEY_WRONG: {
    status: 500,
    message: "The backup was made with another secret key",
    remedy:
      "Set SYSTOLE_SECRET_KEY, or SYSTOLE_SECRET_KEY_PREVIOUS, to the key that was in use then. Without it nothing sealed could be opened, so nothing was written.",
  },
  RESTORE_NOT_EMPTY: {
    status: 500,
    message: "The database to restore into has data",
    remedy: "Restore into a new database, before Systole is started on it. Nothing was written.",
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The one error class: a catalogued code, and the facts of this occurrence in `details`. */
export class SystoleError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(errorCatalogue[code].message, options);
    this.name = "SystoleError";
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }
}

/** Returns the text to show for an unknown thrown value: never a secret, never a body. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
