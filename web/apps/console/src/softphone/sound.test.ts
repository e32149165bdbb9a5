import { expect, it } from "vitest";
import { loud, qualityOf } from "./sound";

it("hears silence as nothing, a whisper as little and a shout as all", () => {
  expect(loud(new Float32Array(100))).toBe(0);
  const whisper = loud(new Float32Array(100).fill(0.01));
  expect(whisper).toBeGreaterThan(0.2);
  expect(whisper).toBeLessThan(0.5);
  expect(loud(new Float32Array(100).fill(0.9))).toBe(1);
});

const report = (received: number, lost: number, jitter = 0.004, trip = 0.02) => [
  { type: "inbound-rtp", kind: "audio", packetsReceived: received, packetsLost: lost, jitter },
  { type: "candidate-pair", nominated: true, currentRoundTripTime: trip },
];

it.each([
  ["nothing came yet", [] as ReturnType<typeof report>, undefined, { loss: 0, grade: "good" }],
  ["all came", report(100, 0), undefined, { loss: 0, jitter: 4, roundTrip: 20, grade: "good" }],
  ["much was lost long ago", report(1100, 100), report(1000, 100), { loss: 0, grade: "good" }],
  ["much is lost now", report(1090, 110), report(1000, 100), { loss: 0.1, grade: "poor" }],
  ["it is uneven", report(100, 0, 0.04), undefined, { grade: "fair" }],
  ["it takes long", report(100, 0, 0.004, 0.6), undefined, { grade: "poor" }],
])("tells how well one hears: %s", (_, now, before, want) => {
  expect(qualityOf(now, before)).toMatchObject(want);
});
