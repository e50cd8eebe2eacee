import type { FastifyInstance } from "fastify";
import { polarRefusal } from "../refusal.ts";

const TRANSACTIONS = {
  "exercise-transactions": "GET /v3/exercises",
  "activity-transactions": "GET /v3/users/activities",
  "physical-information-transactions": "GET /v3/users/physical-info",
};

/**
 * Routes of the deprecated transactions, in which a commit removed the data for good. They are not simulated, and the
 * answer says so.
 */
export function deprecatedRoutes(app: FastifyInstance): void {
  for (const [name, instead] of Object.entries(TRANSACTIONS)) {
    for (const path of [`/v3/users/:id/${name}`, `/v3/users/:id/${name}/*`]) {
      app.all(path, async () => {
        throw polarRefusal(
          410,
          "GoneException",
          `Transactions are deprecated and not simulated: use ${instead}`,
        );
      });
    }
  }
}
