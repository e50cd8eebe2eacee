import { type Linked, startWorld, type World } from "./world.ts";

/** A sandbox with one person and generated data, with helpers to read it. */

export interface Exercise {
  start_time: string;
  duration: string;
  distance?: number;
  detailed_sport_info: string;
  heart_rate: { average: number; maximum: number };
  heart_rate_zones: { in_zone: string }[];
  samples: { sample_type: number; recording_rate: number; data: string }[];
  route?: { latitude: number; longitude: number; time: string }[];
  training_load_pro: { "cardio-load": number };
}

export class GeneratedWorld {
  readonly world: World;
  readonly person: Linked;

  private constructor(world: World, person: Linked) {
    this.world = world;
    this.person = person;
  }

  static async start(seed = 7): Promise<GeneratedWorld> {
    const world = await startWorld();
    const made = new GeneratedWorld(world, await world.linked());
    await made.generate(made.person, { days: 28, seed });
    return made;
  }

  async generate(who: Linked, body: object): Promise<Record<string, unknown>> {
    return (await this.world.call(`/_sandbox/users/${who.id}/generate`, { method: "POST", body })).json();
  }

  async text(path: string): Promise<string> {
    return (await this.world.as(this.person, path)).text;
  }

  async list<T>(path: string): Promise<T[]> {
    return JSON.parse(await this.text(path)) as T[];
  }

  async wrapped<T>(path: string, wrapper: string): Promise<T[]> {
    return (JSON.parse(await this.text(path)) as Record<string, T[]>)[wrapper] ?? [];
  }

  exercises(): Promise<Exercise[]> {
    return this.list("/v3/exercises?samples=true&zones=true&route=true");
  }

  close(): Promise<void> {
    return this.world.close();
  }
}

export const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function seconds(duration: string): number {
  const [, hours = 0, minutes = 0, rest = 0] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** "23:33" or "23:33:30" → seconds since midnight. */
export function atSecond(clock: string): number {
  const [hours = 0, minutes = 0, rest = 0] = clock.split(":").map(Number);
  return hours * 3600 + minutes * 60 + rest;
}
