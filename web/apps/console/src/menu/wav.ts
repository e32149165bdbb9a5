// A WAV file of what a microphone heard.

/** Writes samples from -1 to 1 as a WAV file in 16 bits, one channel. */
export function writeWav(samples: Float32Array, rate: number): Blob {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const word = (at: number, text: string) => [...text].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  word(0, "RIFF");
  view.setUint32(4, 36 + samples.length * 2, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // one channel
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) => view.setInt16(44 + i * 2, Math.max(-1, Math.min(1, sample)) * 0x7fff, true));
  return new Blob([view.buffer], { type: "audio/wav" });
}

/** Turns a recording of the browser (WebM, MP4, …) into a WAV file with 16,000 samples a second. */
export async function asWav(recorded: Blob): Promise<Blob> {
  const rate = 16_000;
  const context = new OfflineAudioContext(1, 1, rate);
  const sound = await context.decodeAudioData(await recorded.arrayBuffer()); // as fast as the context
  const mono = sound.getChannelData(0).slice();
  for (let c = 1; c < sound.numberOfChannels; c++) sound.getChannelData(c).forEach((sample, i) => (mono[i]! += sample));
  return writeWav(mono.map((sample) => sample / sound.numberOfChannels), rate);
}
