// What somebody says a day will bring: typed, or read from a table.

import type { ExpectedSlot } from "@yingda/api";

export interface Read {
  slots: ExpectedSlot[];
  /** The lines that could not be read, by number from 1. */
  wrong: number[];
}

/** Reads lines of time, contacts and seconds, parted by comma, semicolon or tab; a first line of words is a head. */
export function readExpected(text: string): Read {
  const slots: ExpectedSlot[] = [];
  const wrong: number[] = [];
  text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .forEach((line, i) => {
      if (line.trim() === "") return;
      const [at = "", contacts = "", handling = ""] = line.split(/[,;\t，；]/).map((each) => each.trim());
      const time = /^(\d{1,2})[:：](00|30)$/.exec(at);
      const slot = { at: time ? `${time[1]!.padStart(2, "0")}:${time[2]}` : "", contacts: Number(contacts), handling_s: Number(handling) };
      const good = time !== null && Number(time[1]) < 24 && contacts !== "" && slot.contacts >= 0 && Number.isInteger(slot.handling_s) && slot.handling_s >= 0 && (slot.contacts === 0 || slot.handling_s > 0) && !slots.some((each) => each.at === slot.at);
      if (good) slots.push(slot);
      else if (i > 0 || /\d/.test(line)) wrong.push(i + 1);
    });
  return { slots, wrong };
}

export const writeExpected = (slots: readonly ExpectedSlot[]): string => slots.map((slot) => `${slot.at},${slot.contacts},${slot.handling_s}`).join("\n");
