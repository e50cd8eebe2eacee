import { recipe as moto } from "../../../test/servers/moto.ts";
import { isUnavailable, useServer } from "../../../test/servers/server.ts";
import { testDestination } from "../conformance/suite.ts";
import { behaviour, startTarget } from "./target.ts";

const users = await useServer(moto);

testDestination(
  behaviour,
  startTarget,
  isUnavailable(users)
    ? {
        "credentials that are refused are told apart": users.reason,
        "check tells each missing permission apart": users.reason,
      }
    : {},
);
