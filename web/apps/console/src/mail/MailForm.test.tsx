// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { WritingMailbox } from "@yingda/api";
import { startI18n } from "@yingda/i18n";
import { KitProvider } from "@yingda/ui";
import { act, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { docOf, plainOf } from "./document";
import { MailForm } from "./MailForm";
import { before, blank, isBlank, lacks, leaving, type Writing } from "./writing";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

let box: HTMLDivElement;
let root: Root;
let now: Writing;
const sent = vi.fn<(w: Writing) => void>();
const mailbox = { inbox_id: "in_1", name: "客服", address: "support@yuanxing.example", signature: { zh: "远行汽车客户服务\n400-000-0000", en: "" }, undo_seconds: 10, quote: true } as WritingMailbox;

beforeAll(() => startI18n("zh"));
beforeEach(() => {
  sent.mockReset();
  box = document.body.appendChild(document.createElement("div"));
  root = createRoot(box);
});
afterEach(async () => {
  await act(async () => root.unmount());
  box.remove();
});

function Form({ first }: { first: Writing }) {
  const [w, setW] = useState(first);
  now = w;
  return (
    <MailForm
      writing={w}
      onChange={setW}
      to={[{ name: "陈思远", address: "chen@mail.example" }]}
      subject="回复：充电问题"
      upload="mail"
      language="zh"
      fill={async (canned) => canned.text}
      mailbox={mailbox}
      quotable
      submitLabel="发送"
      sending={false}
      onSend={sent}
    />
  );
}

async function show(first: Partial<Writing> = {}) {
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient()}>
        <KitProvider words={{} as never}>
          <Form first={{ ...blank(), doc: docOf("您好"), ...first }} />
        </KitProvider>
      </QueryClientProvider>,
    ),
  );
}

const button = (name: string) => [...box.querySelectorAll("button")].find((b) => b.textContent?.trim() === name || b.getAttribute("aria-label") === name)!;
const press = (name: string) => act(async () => button(name).click());
const field = (label: string) => {
  const found = [...box.querySelectorAll("label")].find((each) => each.textContent?.trim().startsWith(label))!;
  return (found.control ?? box.querySelector(`#${CSS.escape(found.htmlFor)}`)) as HTMLInputElement;
};

async function type(input: HTMLInputElement, text: string) {
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!.call(input, text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const key = (target: Element, init: KeyboardEventInit) => act(async () => void target.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init })));

it("answers who wrote last, unless told otherwise", async () => {
  await show();
  expect(box.textContent).toContain("陈思远");
  await press("发送");
  expect(sent).toHaveBeenCalledOnce();
  expect(leaving(sent.mock.calls[0]![0]).mail.to).toBeUndefined();
});

it("makes chips of what is typed, and keeps a wrong address from leaving", async () => {
  await show();
  const to = field("收件人");
  await type(to, "wang@x.example");
  await key(to, { key: "Enter" });
  expect(now.to?.map((p) => p.address)).toEqual(["chen@mail.example", "wang@x.example"]);
  await type(to, "没写完@");
  await key(to, { key: "," });
  expect(box.textContent).toContain("没写完@ 不是邮箱地址");
  await press("发送");
  expect(sent).not.toHaveBeenCalled();
  expect(box.textContent).toContain("有写错的地址");
  await press("移除 没写完@");
  await press("发送");
  expect(sent).toHaveBeenCalledOnce();
});

it("leaves Enter to an input method that is choosing characters", async () => {
  await show();
  const to = field("收件人");
  await type(to, "li@x.example");
  await key(to, { key: "Enter", isComposing: true });
  expect(now.to).toBeUndefined();
  await key(box.querySelector(".mail-doc")!, { key: "Enter", ctrlKey: true, isComposing: true });
  expect(sent).not.toHaveBeenCalled();
});

it("sends with Ctrl and Enter, from the text and from the lines above", async () => {
  await show();
  await key(box.querySelector(".mail-doc")!, { key: "Enter", ctrlKey: true });
  expect(sent).toHaveBeenCalledTimes(1);
  await key(field("收件人"), { key: "Enter", ctrlKey: true });
  expect(sent).toHaveBeenCalledTimes(2);
});

it("sends nothing that says nothing", async () => {
  await show({ doc: docOf(" ") });
  await press("发送");
  expect(sent).not.toHaveBeenCalled();
});

it("refuses names that nobody filled in", async () => {
  await show({ doc: docOf("您好 {{contact.name}}") });
  expect(box.textContent).toContain("还有没填写的变量");
  expect(button("发送").disabled).toBe(true);
});

it("adds copies, another subject, no quote, and shows the signature", async () => {
  await show();
  await press("添加抄送");
  const cc = field("抄送");
  await type(cc, "王敏 <wang@x.example>; li@x.example");
  await key(cc, { key: "Enter" });
  await press("改主题");
  await type(field("主题"), "另一件事\r\nBcc: x@y.example");
  await act(async () => box.querySelector<HTMLInputElement>('input[type="checkbox"]')!.click());
  await press("预览签名");
  expect(box.textContent).toContain("400-000-0000");
  await press("发送");
  const { mail } = leaving(sent.mock.calls[0]![0]);
  expect(mail.cc).toEqual([{ name: "王敏", address: "wang@x.example" }, { address: "li@x.example" }]);
  expect(mail.subject).not.toMatch(/[\r\n]/);
  expect(mail.no_quote).toBe(true);
});

it("leaves with the pictures that still stand in the text, each once", () => {
  const picture = (id: string) => ({ id, name: `${id}.png`, type: "image/png", size: 1, sha256: "", kind: "image" as const, url: `/api/v1/attachments/${id}`, scan: "clean" as const });
  const doc = { type: "doc", content: [{ type: "paragraph", content: [{ type: "image", attrs: { attachment: "at_1", alt: "灯" } }] }] };
  const w: Writing = { ...blank(), doc, pictures: [picture("at_1"), picture("at_2")], attachments: [picture("at_3")] };
  expect(leaving(w).attachments).toEqual(["at_1", "at_3"]);
  expect(leaving(w).mail.html).toContain("cid:at_1");
});

it("knows what is lacking", () => {
  const w = { ...blank(), doc: docOf("您好") };
  expect(lacks(w, [], "主题")).toBe("nobody");
  expect(lacks(w, [{ address: "a" }], "主题")).toBe("bad_addresses");
  expect(lacks(w, [{ address: "a@b.cn" }], " ")).toBe("no_subject");
  expect(lacks({ ...w, bcc: Array.from({ length: 50 }, (_, i) => ({ address: `a${i}@b.cn` })) }, [{ address: "a@b.cn" }], "主题")).toBe("too_many");
  expect(lacks(w, [{ address: "a@b.cn" }], "主题")).toBeUndefined();
});

it("loses neither what was taken back nor what was begun meanwhile", () => {
  expect(plainOf(before({ ...blank(), doc: docOf("第一封") }, { ...blank(), doc: docOf("第二封") }).doc!)).toBe("第一封\n第二封");
  expect(isBlank(blank())).toBe(true);
});
