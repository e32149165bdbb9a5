/** The sound of a new message: two soft notes, made here, so that no sound file is loaded. */

let context: AudioContext | undefined;

/** Plays the sound; silently does nothing where the browser forbids it. */
export function chime(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    [660, 880].forEach((frequency, place) => note(context!, frequency, context!.currentTime + place * 0.12));
  } catch {
    return;
  }
}

function note(audio: AudioContext, frequency: number, start: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.12, start);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.3);
}
