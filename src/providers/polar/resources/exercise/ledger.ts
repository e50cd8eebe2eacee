import {
  alsoIn,
  carried,
  composite,
  identifying,
  ignored,
  type Ledger,
  mapped,
  numeric,
} from "../../../ledger.ts";

/** Maps each series, with the times of its samples. */
const series = [
  "activity.heart_rate_data.detailed.hr_samples",
  "activity.movement_data.speed_samples",
  "activity.movement_data.cadence_samples",
  "activity.distance_data.detailed.elevation_samples",
  "activity.power_data.power_samples",
  "activity.distance_data.detailed.distance_samples",
];
const timestamps = [...series, "activity.position_data.position_samples"].map((name) => `${name}.timestamp`);
const ends = ["activity.metadata.start_time", "activity.metadata.end_time"];

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
export const exerciseLedger: Ledger = {
  id: mapped("activity.metadata.summary_id", "key, exact", '"Hashed id of the training session" [O]'),
  upload_time: mapped(
    "activity.device_data.last_upload_date",
    "exact",
    '"Time of the transfer from wrist unit to Polar database" [O]: the last upload this exercise knows of',
  ),
  polar_user: ignored("a link whose host varies [R]; the person is known by the token"),
  device: mapped(
    ["activity.device_data.name", "activity.metadata.upload_type"],
    "exact",
    '"Polar product used in training" [O]. `UNKNOWN` [R] → null. A device by name or id → Automatic, else Unknown',
  ),
  device_id: mapped(
    ["activity.device_data.serial_number", "activity.metadata.upload_type"],
    "exact",
    '"Id of the Polar device" [O]; absent from phone sessions [R]',
  ),
  start_time: mapped(
    [...ends, ...timestamps],
    "exact; derived: start + what has passed since",
    '"Start time of the training session in local time" [O]',
  ),
  start_time_utc_offset: mapped(
    [...ends, ...timestamps],
    "exact",
    'minutes, "when the training session was started" [O]; every time of the record keeps this one',
  ),
  duration: mapped(
    [
      "activity.metadata.end_time",
      "activity.active_durations_data.activity_seconds",
      "activity.movement_data.avg_speed_meters_per_second",
    ],
    "derived: start + duration, and the pauses in it where samples count recorded time; converted to seconds; derived: distance ÷ duration",
    "PT6917.941S [R] and PT2H44M [O], exact to the millisecond. Where it cannot be read, the longest series or the last point tells the end, as `provider_data.polar.end_time` says, and the others are null",
  ),
  calories: mapped(
    "activity.calories_data.total_burned_calories",
    "exact",
    'kcal, "Expended calories during training" [O]',
  ),
  distance: mapped(
    ["activity.distance_data.summary.distance_meters", "activity.movement_data.avg_speed_meters_per_second"],
    "exact; derived: distance ÷ duration",
    "metres [O]. Preferred to any sum of samples: mean speed × duration was off by up to 11 % [R]. No pace: it is the same number again",
  ),
  "heart_rate.average": mapped(
    "activity.heart_rate_data.summary.avg_hr_bpm",
    "exact",
    "bpm; `{}` when not measured [R]; not recomputed",
  ),
  "heart_rate.maximum": mapped(
    "activity.heart_rate_data.summary.max_hr_bpm",
    "exact",
    "bpm. The minimum is not stated, and stays null",
  ),
  training_load: numeric(carried("Polar's older training load, on a scale of its own [O]")),
  sport: mapped(
    ["activity.metadata.type", "activity.metadata.name"],
    "converted",
    "the coarse name, where the detailed one is missing or not known (`sports.ts`)",
  ),
  detailed_sport_info: mapped(
    ["activity.metadata.type", "activity.metadata.name"],
    "converted; exact",
    "a sport without a counterpart is Other (108), and the name keeps Polar's word",
  ),
  has_route: ignored("says whether there is a GPX file to fetch; the points of `route` say it themselves"),
  club_id: carried("the club of a session from Flow for Club; −1 when it was not found [O]", [-1]),
  club_name: carried("the club's name [O]", ["Ambiguous club location. Please contact support."]),
  fat_percentage: numeric(carried("%, share of the calories [O]")),
  carbohydrate_percentage: numeric(carried("%, share of the calories [O]")),
  protein_percentage: numeric(carried("%, share of the calories [O]")),
  running_index: carried("Polar's own score of a run [O]; not a VO₂max", [0, -1]),
  "heart_rate_zones[].index": identifying(
    mapped(
      "activity.heart_rate_data.summary.hr_zone_data.zone",
      "exact",
      "0 to 4 [R], though the documentation shows 1 [O]; Terra counts from 0 as well",
    ),
  ),
  "heart_rate_zones[].lower_limit": alsoIn(
    "activity.heart_rate_data.summary.hr_zone_data.name",
    numeric(
      carried(
        'bpm, where the zone begins; in the name as "96–115 bpm". Terra\'s `start_percentage` is "based off user\'s max HR", which an exercise does not state',
      ),
    ),
  ),
  "heart_rate_zones[].upper_limit": alsoIn(
    "activity.heart_rate_data.summary.hr_zone_data.name",
    numeric(carried("bpm, where the zone ends; as `lower_limit`")),
  ),
  "heart_rate_zones[].in_zone": mapped(
    "activity.heart_rate_data.summary.hr_zone_data.duration_seconds",
    "converted to seconds",
    "PT1H29M13S. Time below zone 0 is counted nowhere [R]",
  ),
  "samples[].recording_rate": identifying(
    mapped(
      series.flatMap((name) => [`${name}.timer_duration_seconds`, `${name}.timestamp`]),
      "derived: index × rate; start + index × rate, and the pauses before it where a file shows them and the longest series has as many samples as seconds were recorded",
      "`provider_data.polar.sample_clock` says which. Seconds; so in every series. A series without a rate cannot be placed in time and is left out",
    ),
  ),
  "samples[].sample_type": identifying(mapped(series, "key: which series it is")),
  "samples[sample_type=0].data": mapped(
    "activity.heart_rate_data.detailed.hr_samples.bpm",
    "exact",
    "heart rate, bpm. 0 is no signal: no sample",
  ),
  "samples[sample_type=1].data": mapped(
    [
      "activity.movement_data.speed_samples.speed_meters_per_second",
      "activity.movement_data.max_speed_meters_per_second",
    ],
    "converted: ÷ 3.6; derived: largest sample",
    "speed, km/h. Left out when every value is 0 or null: without GPS or a sensor devices send zeros only [R]. One value above zero keeps the series whole, whatever `has_route` says",
  ),
  "samples[sample_type=2].data": mapped(
    ["activity.movement_data.cadence_samples.cadence_rpm", "activity.movement_data.max_cadence_rpm"],
    "exact; derived: largest sample",
    "cadence, rpm. In running too, of one foot [R]. 0 is a standstill and stays",
  ),
  "samples[sample_type=3].data": mapped(
    [
      "activity.distance_data.detailed.elevation_samples.elev_meters",
      "activity.distance_data.summary.elevation.max_meters",
      "activity.distance_data.summary.elevation.min_meters",
    ],
    "exact; derived: largest and smallest sample",
    "altitude, m. The mean depends on gaps: null. Gain and loss are the FIT file's",
  ),
  "samples[sample_type=4].data": mapped(
    ["activity.power_data.power_samples.watts", "activity.power_data.max_watts"],
    "exact; derived: largest sample",
    "power, W. A mean with or without the zeros is a choice: it is the FIT file's, else null",
  ),
  "samples[sample_type=5].data": composite(carried("pedalling index, %")),
  "samples[sample_type=6].data": composite(carried("left/right balance, %")),
  "samples[sample_type=7].data": composite(carried("air pressure, hPa")),
  "samples[sample_type=8].data": alsoIn(
    ["activity.movement_data.cadence_samples.cadence_rpm", "activity.movement_data.max_cadence_rpm"],
    composite(
      carried(
        'running cadence, steps of one foot a minute; its unit reads "spm" [D]. In Terra\'s fields where there is no type 2',
      ),
    ),
  ),
  "samples[sample_type=9].data": composite(carried("temperature, °C; where it was measured is not stated")),
  "samples[sample_type=10].data": mapped(
    "activity.distance_data.detailed.distance_samples.distance_meters",
    "exact",
    "distance since the start, m. Cumulative in Terra as well. Left out when every value is 0 or null, as type 1",
  ),
  "samples[sample_type=11].data": composite(
    carried("RR intervals, ms; without a rate, so they have no times. Terra has RR intervals in Body only"),
  ),
  "route[].latitude": mapped(
    [
      "activity.position_data.position_samples.coords_lat_lng_deg",
      "activity.position_data.start_pos_lat_lng_deg",
      "activity.position_data.end_pos_lat_lng_deg",
    ],
    "exact",
    "degrees [O]; start and end are the first and last points. 0/0 is what a watch says before its first fix: no point",
  ),
  "route[].longitude": mapped(
    [
      "activity.position_data.position_samples.coords_lat_lng_deg",
      "activity.position_data.start_pos_lat_lng_deg",
      "activity.position_data.end_pos_lat_lng_deg",
    ],
    "exact",
    "as `latitude`",
  ),
  "route[].time": identifying(
    mapped(
      [
        "activity.position_data.position_samples.timestamp",
        "activity.position_data.position_samples.timer_duration_seconds",
      ],
      "derived: start + time",
      "a duration since the start, PT210.026S [O]",
    ),
  ),
  "route[].satellites": ignored(
    "how many satellites each point saw: a tenth of the record, for nobody's use",
  ),
  "route[].fix": ignored("quality of each point's fix, up to 3, of undocumented meaning [O]"),
  "training_load_pro.date": carried("the day of the load"),
  "training_load_pro.cardio_load": mapped(
    "activity.strain_data.strain_level",
    "exact",
    "TRIMP by Polar's formula: \"how much strain your training session put on your cardiovascular system\" [O], which is what Terra's `strain_level` is, \"cardiovascular strain imposed on the user\". On Polar's scale; −1 → null. `trimp_score` is Terra's own, with weights of its own",
  ),
  "training_load_pro.cardio_load_interpretation": carried(
    "VERY_LOW to VERY_HIGH, against the person's usual",
    ["NOT_AVAILABLE", "UNKNOWN"],
  ),
  "training_load_pro.muscle_load": carried("Polar's own scale, −1 when none [R]", [-1]),
  "training_load_pro.muscle_load_interpretation": carried("VERY_LOW to VERY_HIGH", [
    "NOT_AVAILABLE",
    "UNKNOWN",
  ]),
  "training_load_pro.perceived_load": carried(
    "from the person's own rating and the duration; 0 when none [R]",
    [0, -1],
  ),
  "training_load_pro.perceived_load_interpretation": carried("VERY_LOW to VERY_HIGH", [
    "NOT_AVAILABLE",
    "UNKNOWN",
  ]),
  "training_load_pro.user_rpe": carried("the person's rating, RPE_NONE to RPE_EXTREME", ["UNKNOWN"]),
};
