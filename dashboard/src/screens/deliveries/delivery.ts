import type { paths } from "../../api/schema.gen.ts";

type Answer = paths["/admin/v1/deliveries"]["get"]["responses"][200]["content"]["application/json"];
export type Delivery = Answer["data"][number];
