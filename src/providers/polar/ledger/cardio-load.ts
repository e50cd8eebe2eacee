import { carried, type Ledger, mapped } from "../../ledger.ts";

/** Sources: [O] Polar's OpenAPI description, [R] captured bodies of real devices. */
export const cardioLoadLedger: Ledger = {
  date: mapped(
    "daily.metadata.start_time",
    "key",
    "every date of a list is there, with or without a load [O]",
  ),
  cardio_load: mapped(
    "daily.strain_data.strain_level",
    "exact",
    'TRIMP: "how much strain your training session put on your cardiovascular system" [O], which is what Terra\'s `strain_level` is, "cardiovascular strain imposed on the user during the day". On Polar\'s scale; −1 → null',
  ),
  cardio_load_status: carried("the person's state in one word: DETRAINING to OVERREACHING [O]", [
    "LOAD_STATUS_NOT_AVAILABLE",
  ]),
  strain: carried(
    "mean daily load of the past 7 days [O]: not Terra's `strain_level`, which is of the day. 0 on a day without a status [R] → null",
    [-1],
  ),
  tolerance: carried("mean daily load of the past 28 days [O]; −1 when none [R]", [-1]),
  cardio_load_ratio: carried("`strain` ÷ `tolerance` [O]; −1 when none [R]", [-1]),
  "cardio_load_level.very_low": carried(
    "load up to which a session is very low for this person; 0 when none [R]",
    [0, -1],
  ),
  "cardio_load_level.low": carried("as `very_low`", [0, -1]),
  "cardio_load_level.medium": carried("as `very_low`", [0, -1]),
  "cardio_load_level.high": carried("as `very_low`", [0, -1]),
  "cardio_load_level.very_high": carried('as `very_low`; "very-high" in the documentation [O]', [0, -1]),
};
