// How loud somebody is, and how well one hears.

export interface Quality {
  /** Packets that did not come, 0 to 1, of late. */
  loss: number;
  /** Milliseconds. */
  jitter: number;
  roundTrip?: number;
  grade: "good" | "fair" | "poor";
}

let context: AudioContext | undefined;

/** Returns what tells how loud a stream is, 0 to 1. */
export function loudness(stream: MediaStream): () => number {
  context ??= new AudioContext();
  const wake = () => void context?.resume();
  if (context.state === "suspended") {
    wake();
    addEventListener("pointerdown", wake, { once: true }); // browsers wait for a first click
  }
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return () => {
    analyser.getFloatTimeDomainData(samples);
    return loud(samples);
  };
}

/** Loudness to the ear: -60 dB is nothing, -6 dB all. */
export function loud(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! ** 2;
  const db = 10 * Math.log10(sum / Math.max(samples.length, 1) + 1e-12);
  return Math.min(1, Math.max(0, (db + 60) / 54));
}

interface Counted {
  type: string;
  kind?: string;
  packetsReceived?: number;
  packetsLost?: number;
  jitter?: number;
  roundTripTime?: number;
  currentRoundTripTime?: number;
  nominated?: boolean;
}

function find(report: { forEach(f: (each: Counted) => void): void } | undefined, fits: (each: Counted) => boolean): Counted | undefined {
  let found: Counted | undefined;
  report?.forEach((each) => (found ??= fits(each) ? each : undefined));
  return found;
}

/** What a report of the browser says of the sound since the one before. */
export function qualityOf(report: { forEach(f: (each: Counted) => void): void }, before?: { forEach(f: (each: Counted) => void): void }): Quality {
  const incoming = (each: Counted) => each.type === "inbound-rtp" && each.kind === "audio";
  const now = find(report, incoming);
  const then = find(before, incoming);
  const lost = Math.max(0, (now?.packetsLost ?? 0) - (then?.packetsLost ?? 0));
  const got = Math.max(0, (now?.packetsReceived ?? 0) - (then?.packetsReceived ?? 0));
  const trip = find(report, (each) => each.type === "candidate-pair" && each.nominated === true)?.currentRoundTripTime ?? find(report, (each) => each.type === "remote-inbound-rtp")?.roundTripTime;
  const loss = lost + got > 0 ? lost / (lost + got) : 0;
  const jitter = (now?.jitter ?? 0) * 1000;
  const roundTrip = trip === undefined ? undefined : trip * 1000;
  const grade = loss > 0.05 || jitter > 60 || (roundTrip ?? 0) > 500 ? "poor" : loss > 0.01 || jitter > 30 || (roundTrip ?? 0) > 250 ? "fair" : "good";
  return { loss, jitter, roundTrip, grade };
}
