import type { paths } from "../../api/schema.gen.ts";

export type PersonAnswer =
  paths["/admin/v1/users/{id}"]["get"]["responses"][200]["content"]["application/json"];
