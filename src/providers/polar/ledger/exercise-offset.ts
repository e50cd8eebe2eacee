import { carried, type Ledger } from "../../ledger.ts";

export const exerciseOffsetLedger: Ledger = {
  start_time: carried("on which local date the offset was in force"),
  start_time_utc_offset: carried("minutes; observed for `utc_offset` of that date's Daily"),
};
