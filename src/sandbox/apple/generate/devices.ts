/** The devices and apps of the person. */
import type { Device } from "./facts.ts";

export const watch: Device = {
  name: "Apple\u00a0Watch",
  bundleId: "com.apple.health.5A0C3C0E-6D0B-4B7E-8E0A-3E5F0B7C9A11",
  productType: "Watch7,5",
  version: "11.5",
  hardware: { name: "Apple Watch", model: "Watch", pointer: "0x28a1b6d40" },
};

export const phone: Device = {
  name: "iPhone",
  bundleId: "com.apple.health.8F1D24B7-0F52-4D1C-9C55-0B8A6E1D2C77",
  productType: "iPhone16,1",
  version: "18.5",
  hardware: { name: "iPhone", model: "iPhone", pointer: "0x28a1c1f40" },
};

/** The Health app itself: what the person types in. */
export const healthApp: Device = {
  name: "Health",
  bundleId: "com.apple.Health",
  productType: "iPhone16,1",
  version: "18.5",
  hardware: null,
};

const app = (name: string, bundleId: string): Device => ({
  name,
  bundleId,
  productType: "iPhone16,1",
  version: "4.2",
  hardware: null,
});

export const scale: Device = app("Body Scale", "com.example.bodyscale");
export const foodDiary: Device = app("Food Diary", "com.example.fooddiary");
