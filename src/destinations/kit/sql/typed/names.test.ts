import { describe, expect, it } from "vitest";
import { Names, withName, withSection } from "./names.ts";

describe("names of columns", () => {
  it("name the section once and leave out words without meaning", () => {
    expect(withName("", "BMI")).toBe("bmi");
    expect(withName(withSection(withSection("", "heart_rate_data"), "summary"), "avg_hr_bpm")).toBe(
      "heart_rate_avg_hr_bpm",
    );
    expect(withName(withSection("", "strain_data"), "strain_level")).toBe("strain_level");
    expect(withName(withSection("", "readiness_data"), "readiness")).toBe("readiness");
    expect(withName(withSection("", "metadata"), "start_time")).toBe("start_time");
    // Only whole words are left out.
    expect(withName("strain", "strained")).toBe("strain_strained");
  });

  it("are numbered when they are taken", () => {
    const names = new Names(["user_id"]);
    expect(["user_id", "bpm", "bpm", "bpm"].map((name) => names.claim(name))).toEqual([
      "user_id_2",
      "bpm",
      "bpm_2",
      "bpm_3",
    ]);
  });

  it("are taken with all their endings", () => {
    const names = new Names(["start_local"]);
    expect(names.claim("start", ["", "_local"])).toBe("start_2");
    expect(names.claim("start_2_local")).toBe("start_2_local_2");
  });

  it("fit, endings included, and stay apart when they are cut", () => {
    const names = new Names();
    const long = "a_name_that_is_a_good_deal_longer_than_the_sixty_three_that_fit";
    const endings = ["", "_utc_offset_seconds"];
    const cut = ["one", "other"].map((end) => names.claim(`${long}_${end}`, endings));
    expect(new Set(cut).size).toBe(2);
    for (const name of cut) {
      expect(`${name}${endings[1]}`).toHaveLength(63);
      expect(name.startsWith("a_name_that_is_a_good_deal")).toBe(true);
    }
    // The name is the same in every process, at any time.
    expect(new Names().claim(`${long}_one`, endings)).toBe(cut[0]);
    expect(names.claim("x".repeat(63))).toBe("x".repeat(63));
  });
});
