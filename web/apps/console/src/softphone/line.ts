// The console's telephone: one lasting connection to the server, with the microphone on it only while somebody listens.

import { ApiError, phones } from "@yingda/api";
import { external } from "../external";
import { setRinger } from "../live/alert";
import { problem } from "../problem";
import { load, save } from "../storage";
import { loudness, qualityOf, type Quality } from "./sound";

/** "lost": it connects again by itself. "elsewhere": another window has the line now. */
export type LineState = "off" | "connecting" | "connected" | "lost" | "elsewhere";
export type Trouble = "denied" | "no_microphone" | "unsupported" | "off_here" | "failed";

export interface Line {
  state: LineState;
  trouble?: Trouble;
  /** What the server said of it. */
  said?: string;
  muted: boolean;
  quality?: Quality;
  microphones: MediaDeviceInfo[];
  speakers: MediaDeviceInfo[];
}

export interface Devices {
  microphone?: string;
  speaker?: string;
  ringer?: string;
}

interface Remembered {
  on?: boolean;
  devices?: Devices;
  /** What the devices are called: some browsers give them other ids each time. */
  names?: Devices;
}

export const line = external<Line>({ state: "off", muted: false, microphones: [], speakers: [] });
/** How loud the microphone is, 0 to 1. */
export const level = external(0);
export const devices = external<Devices>({});

const pauses = [1_000, 2_000, 4_000, 8_000, 15_000];
const patience = 2_500; // a short gap is no loss

let owner = "";
let pc: RTCPeerConnection | undefined;
let connection = "";
let microphone: MediaStream | undefined;
let opening: Promise<MediaStream> | undefined;
let speaker: HTMLAudioElement | undefined;
let attempt = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let meter: ReturnType<typeof setInterval> | undefined;
let stats: ReturnType<typeof setInterval> | undefined;
/** Why the microphone is open: a call, a ring, an open panel. */
const reasons = new Set<string>();

function change(part: Partial<Line>): void {
  line.set((now) => ({ ...now, ...part }));
}

function remember(part: Remembered): void {
  save(`phone.${owner}`, { ...load<Remembered>(`phone.${owner}`), ...part });
}

/** The telephone of an agent who has just come; it connects if it was connected when the page was left. */
export function startLine(agent: string): () => void {
  owner = agent;
  const held = load<Remembered>(`phone.${agent}`);
  devices.set(held?.devices ?? {});
  setRinger(held?.devices?.ringer);
  if (held?.on) void connect();
  navigator.mediaDevices?.addEventListener("devicechange", onDevices);
  addEventListener("online", again);
  return () => {
    navigator.mediaDevices?.removeEventListener("devicechange", onDevices);
    removeEventListener("online", again);
    close();
    reasons.clear();
    release();
    change({ state: "off", trouble: undefined, said: undefined, muted: false });
  };
}

/** Connects, with the browser's question for the microphone if it has not been answered. */
export async function connect(): Promise<boolean> {
  clearTimeout(retry);
  if (line.get().state === "connected") return true;
  if (!("RTCPeerConnection" in window) || !navigator.mediaDevices) return fail("unsupported");
  change({ state: "connecting", trouble: undefined, said: undefined });
  try {
    await open();
    release(); // it was only to be allowed
    await listDevices();
  } catch (err) {
    return fail(err instanceof DOMException && err.name === "NotFoundError" ? "no_microphone" : "denied");
  }
  return dial();
}

/** Takes the telephone away until it is connected again. */
export async function disconnect(): Promise<void> {
  remember({ on: false });
  close();
  change({ state: "off", trouble: undefined, said: undefined });
  await phones.disconnect().catch(() => {}); // the server gives it up by itself
}

async function dial(): Promise<boolean> {
  close();
  change({ state: attempt > 0 ? "lost" : "connecting" });
  try {
    const known = await phones.get();
    if (!known.available) return fail("off_here");
    const next = new RTCPeerConnection({ iceServers: known.servers, bundlePolicy: "max-bundle" });
    pc = next;
    const way = next.addTransceiver("audio", { direction: "sendrecv" });
    const spoken = RTCRtpReceiver.getCapabilities("audio")?.codecs.filter((c) => /\/PCM[AU]$/i.test(c.mimeType)) ?? [];
    if (spoken.length > 0) way.setCodecPreferences(spoken.toSorted((a, b) => a.mimeType.localeCompare(b.mimeType)));
    next.ontrack = (e) => hear(e.track);
    next.onconnectionstatechange = () => moved(next);
    await next.setLocalDescription();
    const answer = await phones.connect(next.localDescription?.sdp ?? "");
    if (pc !== next) return false; // somebody hung up meanwhile
    connection = answer.id;
    await next.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    const transport = way.sender.transport;
    if (transport) transport.onstatechange = () => (transport.state === "closed" || transport.state === "failed") && lost(next);
    if (!(await connected(next))) throw new Error("not connected");
    attempt = 0;
    remember({ on: true });
    change({ state: "connected", trouble: undefined, said: undefined });
    void attach();
    watchQuality();
    return true;
  } catch (err) {
    if (err instanceof ApiError && err.status >= 400 && !err.passing) {
      close();
      attempt = 0;
      change({ said: problem(err).text });
      return fail("failed");
    }
    later();
    return false;
  }
}

/** Waits until a connection stands, or will not. */
function connected(which: RTCPeerConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), 15_000);
    const look = () => {
      if (which.connectionState === "connecting" || which.connectionState === "new") return;
      clearTimeout(timer);
      which.removeEventListener("connectionstatechange", look);
      resolve(which.connectionState === "connected");
    };
    which.addEventListener("connectionstatechange", look);
    look();
  });
}

function fail(trouble: Trouble): false {
  change({ state: "off", trouble });
  return false;
}

function moved(which: RTCPeerConnection): void {
  if (which !== pc) return;
  if (which.connectionState === "failed" || which.connectionState === "closed") lost(which);
  if (which.connectionState === "disconnected") setTimeout(() => which.connectionState === "disconnected" && lost(which), patience);
}

/** A connection that stood is gone: another window may have taken the line. */
function lost(which: RTCPeerConnection): void {
  if (which !== pc || line.get().state !== "connected") return;
  const ours = connection;
  close();
  change({ state: "lost", quality: undefined });
  phones.get().then(
    (now) => (now.connected && now.id !== ours ? change({ state: "elsewhere" }) : later()),
    later,
  );
}

function later(): void {
  close();
  change({ state: "lost" });
  clearTimeout(retry);
  retry = setTimeout(() => void dial(), pauses[Math.min(attempt++, pauses.length - 1)]);
}

function again(): void {
  if (line.get().state !== "lost") return;
  attempt = 0;
  clearTimeout(retry);
  void dial();
}

function close(): void {
  clearTimeout(retry);
  clearInterval(stats);
  const had = pc;
  pc = undefined;
  had?.close();
}

/** Lets the microphone be open for a reason, or for that no more. It is heard by others only in a call. */
export function want(reason: "call" | "ring" | "panel", on: boolean): void {
  if (on === reasons.has(reason)) return;
  if (on) reasons.add(reason);
  else reasons.delete(reason);
  if (reason === "call" && !on) change({ muted: false });
  if (reasons.size === 0) release();
  else if (line.get().state !== "off") void open().catch(() => fail("denied"));
  void attach();
}

/** Puts the microphone on the line while there is a call, and takes it off again. */
async function attach(): Promise<void> {
  const sender = pc?.getSenders()[0];
  if (!sender) return;
  const track = reasons.has("call") ? (await open()).getAudioTracks()[0] : undefined;
  if (track) track.enabled = !line.get().muted;
  await sender.replaceTrack(track ?? null).catch(() => {}); // the connection has just closed
}

export function mute(on: boolean): void {
  change({ muted: on });
  for (const track of microphone?.getAudioTracks() ?? []) track.enabled = !on;
}

async function open(): Promise<MediaStream> {
  if (microphone?.active) return microphone;
  const id = devices.get().microphone;
  opening ??= navigator.mediaDevices
    .getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1, ...(id ? { deviceId: { ideal: id } } : {}) } })
    .finally(() => (opening = undefined));
  microphone = await opening;
  clearInterval(meter);
  const loud = loudness(microphone);
  meter = setInterval(() => level.set(line.get().muted && !reasons.has("panel") ? 0 : loud()), 100);
  return microphone;
}

function release(): void {
  if (reasons.size > 0) return;
  clearInterval(meter);
  level.set(0);
  for (const track of microphone?.getTracks() ?? []) track.stop();
  microphone = undefined;
}

/** Chooses devices; they are kept for this browser. */
export async function choose(part: Devices): Promise<void> {
  devices.set((now) => ({ ...now, ...part }));
  const all = [...line.get().microphones, ...line.get().speakers];
  const names = Object.fromEntries(Object.entries(devices.get()).map(([which, id]) => [which, all.find((d) => d.deviceId === id)?.label]));
  remember({ devices: devices.get(), names });
  if ("ringer" in part) setRinger(part.ringer);
  if ("speaker" in part) await sink();
  if ("microphone" in part && microphone) {
    const had = microphone;
    microphone = undefined;
    for (const track of had.getTracks()) track.stop();
    await open().catch(() => fail("denied"));
    await attach();
  }
}

function onDevices(): void {
  void listDevices().then(() => {
    const chosen = devices.get().microphone;
    const named = line.get().microphones.some((d) => d.deviceId !== "");
    const gone = chosen && named && !line.get().microphones.some((d) => d.deviceId === chosen);
    if (gone && microphone) void choose({ microphone: undefined }); // it was pulled out: whatever is left
  });
}

async function listDevices(): Promise<void> {
  const all = await navigator.mediaDevices.enumerateDevices();
  change({ microphones: all.filter((d) => d.kind === "audioinput"), speakers: all.filter((d) => d.kind === "audiooutput") });
  recognise(all);
}

/** Finds the chosen devices by their names where their ids are others now. */
function recognise(all: readonly MediaDeviceInfo[]): void {
  const names = load<Remembered>(`phone.${owner}`)?.names ?? {};
  const found: Devices = {};
  for (const which of ["microphone", "speaker", "ringer"] as const) {
    const id = devices.get()[which];
    if (!id || all.some((d) => d.deviceId === id)) continue;
    const same = all.find((d) => d.label !== "" && d.label === names[which] && d.kind === (which === "microphone" ? "audioinput" : "audiooutput"));
    if (same) found[which] = same.deviceId;
  }
  if (Object.keys(found).length > 0) void choose(found);
}

function hear(track: MediaStreamTrack): void {
  speaker ??= new Audio();
  speaker.srcObject = new MediaStream([track]);
  void sink();
  const play = () => speaker?.play().catch(() => addEventListener("pointerdown", () => void speaker?.play(), { once: true }));
  void play();
}

async function sink(): Promise<void> {
  await speaker?.setSinkId?.(devices.get().speaker ?? "").catch(() => {}); // a device that is gone: the usual one
}

/** What others play, for tests and for who listens to it. */
export function heard(): MediaStream | undefined {
  return speaker?.srcObject instanceof MediaStream ? speaker.srcObject : undefined;
}

function watchQuality(): void {
  clearInterval(stats);
  let before: RTCStatsReport | undefined;
  stats = setInterval(async () => {
    const report = await pc?.getStats().catch(() => undefined);
    if (!report) return;
    change({ quality: qualityOf(report, before) });
    before = report;
  }, 2_000);
}
