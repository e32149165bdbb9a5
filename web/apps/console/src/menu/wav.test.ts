import { expect, it } from "vitest";
import { writeWav } from "./wav";

it("writes a WAV file that says what is in it", async () => {
  const view = new DataView(await writeWav(new Float32Array([0, 1, -1, 2]), 16_000).arrayBuffer());
  const word = (at: number, n = 4) => String.fromCharCode(...Array.from({ length: n }, (_, i) => view.getUint8(at + i)));
  expect([word(0), word(8, 8), word(36)]).toEqual(["RIFF", "WAVEfmt ", "data"]);
  expect([view.getUint32(4, true), view.getUint32(24, true), view.getUint32(40, true)]).toEqual([44, 16_000, 8]);
  expect([44, 46, 48, 50].map((at) => view.getInt16(at, true))).toEqual([0, 32_767, -32_767, 32_767]); // what is too loud is cut
});
