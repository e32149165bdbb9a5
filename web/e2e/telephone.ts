/** Agents with a telephone in the browser, and what is heard on a line. */
import type { Page } from "@playwright/test";
import { expect, password, type House } from "./house";
import { toneOf } from "./program.mjs";

/** The customer's tone and the agent's, in hertz: far from each other and from what menus are made of. */
export const tones = { customer: 440, agent: 700 };

/** A file with the sound of one side. */
export const toneFile = (side: keyof typeof tones) => toneOf(tones[side]);

/** What a browser is started with that has a microphone. `says`: a file with what is heard of it; without, it beeps. */
export const microphone = (says?: string) => ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection", ...(says ? [`--use-file-for-fake-audio-capture=${says}`] : [])];

declare global {
  interface Window {
    connections?: RTCPeerConnection[];
  }
}

/** Somebody at the console, with the telephone connected; `relayed` reaches it by the relay over TCP only. */
export async function desk(house: House, login: string, { relayed = false, ...options }: { relayed?: boolean; colorScheme?: "dark" | "light" } = {}): Promise<Page> {
  const page = await house.browser({ permissions: ["microphone"], ...options });
  await page.context().addInitScript((only) => {
    window.connections = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(how: RTCConfiguration = {}) {
        const urls = (how.iceServers ?? []).flatMap((each) => each.urls).filter((url) => /^turn:.*transport=tcp/.test(url));
        super(only ? { ...how, iceTransportPolicy: "relay", iceServers: (how.iceServers ?? []).map((each) => ({ ...each, urls })) } : how);
        window.connections?.push(this);
      }
    };
  }, relayed);
  const answer = await page.request.post("/api/v1/session", { data: { email: `${login}@demo`, password } });
  expect(answer.ok()).toBe(true);
  await page.goto("/app/");
  const telephone = page.getByRole("navigation", { name: "主导航" }).getByRole("button", { name: /^电话/ });
  await telephone.click();
  await page.getByRole("button", { name: "连接电话" }).click();
  await expect(telephone).toHaveAccessibleName("电话 已连接，可以接听", { timeout: 30_000 });
  await page.keyboard.press("Escape");
  return page;
}

export interface Figures {
  sent: string;
  got: string;
  packets: number;
  local: { candidateType: string; protocol: string; relayProtocol?: string };
}

/** What the browser says of its line: the codecs of both ways, and how it reaches the other side. */
export function figures(page: Page): Promise<Figures> {
  return page.evaluate(async () => {
    const all = [...(await window.connections!.at(-1)!.getStats()).values()];
    const one = (type: string) => all.find((each) => each.type === type);
    const [to, from, transport] = [one("outbound-rtp"), one("inbound-rtp"), one("transport")];
    const named = (id: string) => all.find((each) => each.id === id);
    const local = named(named(transport.selectedCandidatePairId).localCandidateId);
    return { sent: named(to.codecId).mimeType, got: named(from.codecId).mimeType, packets: from.packetsReceived, local: { candidateType: local.candidateType, protocol: local.protocol, relayProtocol: local.relayProtocol } };
  });
}

/** Which tone an agent's browser hears most in the next two seconds, in hertz. */
export async function toneHeard(page: Page): Promise<number> {
  const { levels, width } = await spectrum(page);
  return levels.indexOf(Math.max(...levels)) * width;
}

/** Whose tones an agent's browser hears in the next two seconds: those that are hardly softer than the loudest of all. */
export async function sidesHeard(page: Page): Promise<(keyof typeof tones)[]> {
  const { levels, width } = await spectrum(page);
  const [loudest, softer] = [Math.max(...levels), 20];
  return (Object.keys(tones) as (keyof typeof tones)[]).filter((side) => {
    const at = Math.round(tones[side] / width);
    return Math.max(...levels.slice(at - 2, at + 3)) > loudest - softer;
  });
}

/** The loudest that each part of the spectrum is in the next two seconds, in decibels, and how wide a part is, in hertz. */
function spectrum(page: Page): Promise<{ levels: number[]; width: number }> {
  return page.evaluate(async () => {
    const track = window.connections!.at(-1)!.getReceivers()[0]!.track;
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const bins = new Float32Array(analyser.frequencyBinCount);
    const levels = Array.from(bins, () => -1_000);
    for (const end = performance.now() + 2_000; performance.now() < end; await new Promise((next) => setTimeout(next, 100))) {
      analyser.getFloatFrequencyData(bins);
      bins.forEach((level, i) => (levels[i] = Math.max(levels[i]!, level)));
    }
    await context.close();
    return { levels, width: context.sampleRate / analyser.fftSize };
  });
}

/** A-law of one side of a recording, as sound. */
function sound(codes: Uint8Array, side: 0 | 1): Float64Array {
  return Float64Array.from({ length: Math.floor(codes.length / 2) }, (_, i) => {
    const code = codes[i * 2 + side]! ^ 0x55;
    const exponent = (code & 0x70) >> 4;
    const mantissa = (code & 0x0f) * 16 + 8;
    const size = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
    return code & 0x80 ? size : -size;
  });
}

/** For how many seconds one side of a recording is mostly a tone, by tenths. */
export function secondsOf(codes: Uint8Array, side: 0 | 1, hertz: number): number {
  const [rate, part] = [8000, 800];
  const all = sound(codes, side);
  let tenths = 0;
  for (let from = 0; from + part <= all.length; from += part) {
    let [re, im, whole] = [0, 0, 0];
    for (let i = 0; i < part; i++) {
      const v = all[from + i]!;
      re += v * Math.cos((2 * Math.PI * hertz * i) / rate);
      im += v * Math.sin((2 * Math.PI * hertz * i) / rate);
      whole += v * v;
    }
    if (whole / part > 200 * 200 && (2 * (re * re + im * im)) / part > 0.7 * whole) tenths++;
  }
  return tenths / 10;
}

/** How long it takes from the next click until all that is looked for stands on the page, in milliseconds; measured in the page. */
export async function clockUntil(page: Page, texts: string[]): Promise<() => Promise<number>> {
  await page.evaluate((wanted) => {
    const state = window as unknown as { taken?: Promise<number> };
    state.taken = new Promise((resolve) => {
      addEventListener(
        "click",
        () => {
          const from = performance.now();
          const look = () => {
            const shown = document.body.innerText;
            if (wanted.every((text) => shown.includes(text))) resolve(performance.now() - from);
            else requestAnimationFrame(look);
          };
          look();
        },
        { once: true, capture: true },
      );
    });
  }, texts);
  return () => page.evaluate(() => (window as unknown as { taken: Promise<number> }).taken);
}
