// Addresses of e-mail as people type and paste them.

import type { MailPerson } from "@yingda/api";

/** Whether a text can be an address, in a form that every server takes. */
export function isAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > 254) return false;
  const domain = text.slice(at + 1);
  if (domain !== "localhost" && !/^[^.\s@]+(\.[^.\s@]+)+$/.test(domain)) return false;
  return !/[\s<>()[\],;:\\"\p{Cc}]/u.test(text);
}

const named = /^(.*?)\s*[<＜]\s*([^<>＜＞]*?)\s*[>＞]$/s;

/** One piece: 张三 <a@b.cn>, "Zhang, San" <a@b.cn>, mailto:a@b.cn or a@b.cn. */
function personOf(piece: string): MailPerson {
  const found = named.exec(piece);
  const name = found?.[1]?.trim().replace(/^"(.*)"$/s, "$1").replaceAll('\\"', '"').trim();
  const address = (found ? found[2]! : piece).replace(/^mailto:/i, "").replace(/＠/g, "@").trim();
  return name && name !== address ? { name, address } : { address };
}

/** Everybody who is named in a text, whether their address can be one or not. */
export function readPeople(text: string): MailPerson[] {
  const pieces: string[] = [];
  let piece = "";
  let quoted = false;
  let angled = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    if (!quoted && (c === "<" || c === "＜")) angled = true;
    if (!quoted && (c === ">" || c === "＞")) angled = false;
    if (!quoted && !angled && /[,;，；、\r\n\t]/.test(c)) {
      pieces.push(piece);
      piece = "";
    } else piece += c;
  }
  pieces.push(piece);
  return pieces.flatMap((each) => {
    const trimmed = each.trim();
    if (!trimmed) return [];
    // plain addresses that only blanks part
    const words = trimmed.split(/\s+/);
    if (words.length > 1 && words.every((word) => isAddress(word.replace(/＠/g, "@")))) return words.map(personOf);
    return [personOf(trimmed)];
  });
}

/** Adds people to others; nobody stands twice. */
export function added(held: MailPerson[], more: MailPerson[]): MailPerson[] {
  const known = new Set(held.map((p) => p.address.toLowerCase()));
  return [...held, ...more.filter((p) => !known.has(p.address.toLowerCase()) && known.add(p.address.toLowerCase()))];
}

/** As it stands in a header. */
export function written(p: MailPerson): string {
  if (!p.name || p.name === p.address) return p.address;
  return /[",;<>@()]/.test(p.name) ? `"${p.name.replaceAll('"', "'")}" <${p.address}>` : `${p.name} <${p.address}>`;
}
