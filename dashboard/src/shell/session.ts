/** The session: the account that is signed in, if any, and the token of its changes. */
import { queryOptions } from "@tanstack/react-query";
import { answered } from "../api/answered.ts";
import { serverCalls, setCsrfToken } from "../api/client.ts";
import type { paths } from "../api/schema.gen.ts";

type SessionAnswer = paths["/admin/v1/session"]["get"]["responses"][200]["content"]["application/json"];
export type Account = NonNullable<SessionAnswer["account"]>;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: 60_000,
  queryFn: async () => {
    const session = await answered(serverCalls.GET("/admin/v1/session"));
    setCsrfToken(session.csrf_token ?? "");
    return session;
  },
});
