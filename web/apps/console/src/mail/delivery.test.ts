import type { Mail } from "@yingda/api";
import { expect, it } from "vitest";
import { adviceOn, doubts } from "./delivery";

it.each([
  ["bounced", "5.1.1", "address"],
  ["bounced", "5.1.10", "address"],
  ["bounced", "5.1.8", "policy"],
  ["bounced", "5.2.2", "full"],
  ["bounced", "4.2.2", "full"],
  ["bounced", "5.2.3", "large"],
  ["failed", "5.3.4", "large"],
  ["failed", "5.7.26", "policy"],
  ["failed", "4.4.1", "server"],
  ["failed", undefined, "other"],
  ["bounced", "5.6.0", "other"],
  ["delayed", "4.2.2", "later"],
  ["uncertain", undefined, "later"],
  ["sent", undefined, undefined],
  ["waiting", undefined, undefined],
] as const)("a mail that %s with %s: %s", (delivery, code, advice) => expect(adviceOn({ delivery, code })).toBe(advice));

it.each<[Mail["verdicts"], string[]]>([
  [undefined, []],
  [{ spf: "pass", dkim: "pass", dmarc: "pass" }, []],
  [{ spf: "fail", dkim: "pass", dmarc: "pass" }, []],
  [{ spf: "fail", dkim: "fail", dmarc: "fail" }, ["dmarc", "dkim", "spf"]],
  [{ spf: "softfail", dkim: "none", dmarc: "none" }, []],
  [{ spf: "fail", dmarc: "none" }, ["spf"]],
])("%j gives rise to doubts: %j", (verdicts, failed) => expect(doubts({ from: { address: "a@b.cn" }, verdicts })).toEqual(failed));
