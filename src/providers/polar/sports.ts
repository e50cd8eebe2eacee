/**
 * Maps Polar's sports to Terra's ActivityType. The names are the values that AccessLink documents for
 * `detailed_sport_info`, with Polar's label for each; the coarser values of `sport` are among them. A sport that is not
 * listed, or has no counterpart in Terra, is Other; the record's name keeps Polar's word for it.
 */
import { ActivityType } from "../../models/index.ts";

/** Every sport with a Terra type of the same meaning, or one that contains it. */
export const sports: Readonly<Record<string, ActivityType>> = {
  // Running and walking
  CROSS_COUNTRY_RUNNING: ActivityType.Running,
  DUATHLON_RUNNING: ActivityType.Running,
  HIKING: ActivityType.Hiking,
  JOGGING: ActivityType.Jogging,
  NORDIC_WALKING: ActivityType.NordicWalking,
  OFFROADDUATHLON_RUNNING: ActivityType.TrailRunning,
  OFFROADTRIATHLON_RUNNING: ActivityType.TrailRunning,
  ORIENTEERING: ActivityType.Orienteering,
  ROAD_RUNNING: ActivityType.Running,
  RUCKING: ActivityType.Hiking,
  RUNNING: ActivityType.Running,
  SNOWSHOE_TREKKING: ActivityType.Snowshoeing,
  TRACK_AND_FIELD_RUNNING: ActivityType.Running,
  TRAIL_RUNNING: ActivityType.TrailRunning,
  TREADMILL_RUNNING: ActivityType.TreadmillRunning,
  TRIATHLON_RUNNING: ActivityType.Running,
  ULTRARUNNING_RUNNING: ActivityType.Running,
  WALKING: ActivityType.Walking,
  // Cycling
  CYCLING: ActivityType.Biking,
  DUATHLON_CYCLING: ActivityType.Biking,
  E_BIKE: ActivityType.EBiking,
  GRAVEL: ActivityType.GravelCycling,
  INDOOR_CYCLING: ActivityType.StationaryBiking,
  LES_MILLS_RPM: ActivityType.Spinning,
  LES_MILLS_SPRINT: ActivityType.Spinning,
  LES_MILLS_TRIP: ActivityType.Spinning,
  LES_MILLS_TRIPLE: ActivityType.Spinning,
  MOUNTAIN_BIKING: ActivityType.MountainBiking,
  OFFROADDUATHLON_CYCLING: ActivityType.MountainBiking,
  OFFROADTRIATHLON_CYCLING: ActivityType.MountainBiking,
  ORIENTEERING_MTB: ActivityType.MountainBiking,
  PARASPORTS_HAND_CYCLING: ActivityType.HandBiking,
  ROAD_BIKING: ActivityType.RoadBiking,
  SPINNING: ActivityType.Spinning,
  TRIATHLON_CYCLING: ActivityType.Biking,
  // Several sports in one session
  DUATHLON: ActivityType.Multisport,
  FREE_MULTISPORT: ActivityType.Multisport,
  OFFROADDUATHLON: ActivityType.Multisport,
  OFFROADTRIATHLON: ActivityType.Triathlon,
  TRIATHLON: ActivityType.Triathlon,
  // Water
  OFFROADTRIATHLON_SWIMMING: ActivityType.OpenWaterSwimming,
  OPEN_WATER_SWIMMING: ActivityType.OpenWaterSwimming,
  PARASPORTS_WATER_SKIING: ActivityType.WaterSkiing,
  POOL_SWIMMING: ActivityType.SwimmingInPool,
  ROWING: ActivityType.Rowing,
  SUP: ActivityType.StandUpPaddleboarding,
  SWIMMING: ActivityType.Swimming,
  TRIATHLON_SWIMMING: ActivityType.OpenWaterSwimming,
  WATERSPORTS_CANOEING: ActivityType.Canoeing,
  WATERSPORTS_KAYAKING: ActivityType.Kayaking,
  WATERSPORTS_KITESURFING: ActivityType.Kitesurfing,
  WATERSPORTS_SAILING: ActivityType.Sailing,
  WATERSPORTS_SURFING: ActivityType.Surfing,
  WATERSPORTS_WAKEBOARDING: ActivityType.Wakeboarding,
  WATERSPORTS_WATERSKI: ActivityType.WaterSkiing,
  WATERSPORTS_WINDSURFING: ActivityType.Windsurfing,
  // Snow, ice and wheels
  BACKCOUNTRY_SKIING: ActivityType.BackCountrySkiing,
  BIATHLON: ActivityType.Biathlon,
  "CROSS-COUNTRY_SKIING": ActivityType.CrossCountrySkiing,
  CROSS_COUNTRY_SKIING: ActivityType.CrossCountrySkiing,
  CURLING: ActivityType.Curling,
  DOWNHILL_SKIING: ActivityType.DownhillSkiing,
  ICE_HOCKEY: ActivityType.Hockey,
  ICE_SKATING: ActivityType.IceSkating,
  INLINE_SKATING: ActivityType.InlineSkating,
  ORIENTEERING_SKI: ActivityType.CrossCountrySkiing,
  PARASPORTS_SLED_HOCKEY: ActivityType.Hockey,
  ROLLER_BLADING: ActivityType.InlineSkating,
  ROLLER_SKIING_CLASSIC: ActivityType.RollerSkiing,
  ROLLER_SKIING_FREESTYLE: ActivityType.RollerSkiing,
  SKATEBOARDING: ActivityType.Skateboarding,
  SKATING: ActivityType.Skating,
  SKIING: ActivityType.Skiing,
  SNOWBOARDING: ActivityType.Snowboarding,
  TELEMARK_SKIING: ActivityType.Skiing,
  XC_SKIING_CLASSIC: ActivityType.CrossCountrySkiing,
  XC_SKIING_FREESTYLE: ActivityType.CrossCountrySkiing,
  // Teams and rackets
  AMERICAN_FOOTBALL: ActivityType.AmericanFootball,
  BADMINTON: ActivityType.Badminton,
  BASEBALL: ActivityType.Baseball,
  BASKETBALL: ActivityType.Basketball,
  BEACH_TENNIS: ActivityType.Tennis,
  BEACH_VOLLEYBALL: ActivityType.BeachVolleyball,
  CRICKET: ActivityType.Cricket,
  FIELD_HOCKEY: ActivityType.Hockey,
  FINNISH_BASEBALL: ActivityType.Baseball,
  FLOORBALL: ActivityType.TeamSports,
  FRISBEEGOLF: ActivityType.Frisbee,
  FUTSAL: ActivityType.EnglishFootball,
  GOLF: ActivityType.Golf,
  HANDBALL: ActivityType.Handball,
  PADEL: ActivityType.PadelTennis,
  PARASPORTS_WHEELCHAIR: ActivityType.Wheelchair,
  PARASPORTS_WHEELCHAIR_BASKETBALL: ActivityType.Wheelchair,
  PARASPORTS_WHEELCHAIR_TENNIS: ActivityType.Wheelchair,
  RINGETTE: ActivityType.TeamSports,
  RUGBY: ActivityType.Rugby,
  SOCCER: ActivityType.EnglishFootball,
  SQUASH: ActivityType.Squash,
  TABLE_TENNIS: ActivityType.TableTennis,
  TENNIS: ActivityType.Tennis,
  ULTIMATE: ActivityType.Frisbee,
  VOLLEYBALL: ActivityType.Volleyball,
  // Indoors and strength
  AEROBICS: ActivityType.Aerobics,
  BOXING: ActivityType.Boxing,
  CALISTHENICS: ActivityType.Calisthenics,
  CIRCUIT_TRAINING: ActivityType.CircuitTraining,
  CLIMBING: ActivityType.RockClimbing,
  CROSS_TRAINER: ActivityType.Elliptical,
  FITNESS_BOXING: ActivityType.Boxing,
  FITNESS_MARTIAL_ARTS: ActivityType.MartialArts,
  FITNESS_STEP: ActivityType.Aerobics,
  GYMNASTICK: ActivityType.Gymnastics,
  HIIT: ActivityType.Hiit,
  INDOOR_ROWING: ActivityType.RowingMachine,
  JUDO_MARTIAL_ARTS: ActivityType.MartialArts,
  JUMP_ROPE: ActivityType.JumpingRope,
  KETTLEBELL: ActivityType.KettlebellTraining,
  KICKBOXING_MARTIAL_ARTS: ActivityType.Kickboxing,
  LES_MILLS_BODYATTACK: ActivityType.Aerobics,
  LES_MILLS_BODYCOMBAT: ActivityType.Aerobics,
  LES_MILLS_BODYJAM: ActivityType.Dancing,
  LES_MILLS_BODYPUMP: ActivityType.StrengthTraining,
  LES_MILLS_BODYSTEP: ActivityType.Aerobics,
  LES_MILLS_GRIT_ATHLETIC: ActivityType.Hiit,
  LES_MILLS_GRIT_CARDIO: ActivityType.Hiit,
  LES_MILLS_GRIT_STRENGTH: ActivityType.Hiit,
  LES_MILLS_SHBAM: ActivityType.Dancing,
  PILATES: ActivityType.Pilates,
  SKIERG: ActivityType.Ergometer,
  STAIR_WORKOUT: ActivityType.StairClimbing,
  STRENGTH_TRAINING: ActivityType.StrengthTraining,
  STRETCHING: ActivityType.Stretching,
  TAEKWONDO_MARTIAL_ARTS: ActivityType.MartialArts,
  VERTICALSPORTS_OUTCLIMBING: ActivityType.RockClimbing,
  VERTICALSPORTS_WALLCLIMBING: ActivityType.RockClimbing,
  YOGA: ActivityType.Yoga,
  // Dancing
  BALLET_DANCING: ActivityType.Dancing,
  BALLROOM_DANCING: ActivityType.Dancing,
  DANCING: ActivityType.Dancing,
  FITNESS_DANCING: ActivityType.Dancing,
  JAZZ_DANCING: ActivityType.Dancing,
  LATIN_DANCING: ActivityType.Dancing,
  MODERN_DANCING: ActivityType.Dancing,
  SHOW_DANCING: ActivityType.Dancing,
  STREET_DANCING: ActivityType.Dancing,
  // Motors and horses
  MOTORSPORTS_CAR_RACING: ActivityType.MotorRacing,
  MOTORSPORTS_ENDURO: ActivityType.Enduro,
  MOTORSPORTS_HARD_ENDURO: ActivityType.Enduro,
  MOTORSPORTS_MOTOCROSS: ActivityType.Motorbiking,
  MOTORSPORTS_ROADRACING: ActivityType.MotorRacing,
  MOTORSPORTS_SNOCROSS: ActivityType.Snowmobile,
  RIDING: ActivityType.HorsebackRiding,
};

/** Documented sports without a counterpart in Terra. They are Other on purpose. */
export const sportsWithoutCounterpart: readonly string[] = [
  "AGILITY",
  "AQUATICS",
  "BODY_AND_MIND",
  "BOOTCAMP",
  "CORE",
  "ESPORTS",
  "FITNESS_RACING",
  "FUNCTIONAL_TRAINING",
  "GROUP_EXERCISE",
  "KICKBIKE",
  "LES_MILLS_BARRE",
  "LES_MILLS_BODYBALANCE",
  "LES_MILLS_CXWORKS",
  "LES_MILLS_TONE",
  "MOBILITY_DYNAMIC",
  "MOBILITY_STATIC",
  "OBSTACLE_COURSE_RACING",
  "OTHER",
  "OTHER_INDOOR",
  "OTHER_OUTDOOR",
  "PICKLEBALL",
  "SHOOTING_SPORT_INDOOR",
  "SHOOTING_SPORT_OUTDOOR",
  "TROTTING",
  "WATER_EXERCISE",
  "WATER_RUNNING",
];

interface Sport {
  readonly sport?: string | null | undefined;
  readonly detailed_sport_info?: string | null | undefined;
}

function typeOf(name: string | null | undefined): ActivityType | undefined {
  return name && Object.hasOwn(sports, name) ? sports[name] : undefined;
}

/**
 * Returns the type of the detailed sport where Polar gives one, else of the coarse one: `sport` says OTHER for a walk.
 */
export function activityType({ sport, detailed_sport_info }: Sport): ActivityType {
  return typeOf(detailed_sport_info) ?? typeOf(sport) ?? ActivityType.Other;
}

/** Returns Polar's own name of the sport, so that sports without a Terra type can still be told apart. */
export function sportName({ sport, detailed_sport_info }: Sport): string | null {
  return detailed_sport_info ?? sport ?? null;
}
