import type { CallMenu } from "@yingda/api";
import { describe, expect, it } from "vitest";
import { addNode, copyAs, removeNode, renameNode, valuesOf, waysOf } from "./edit";

const menu: CallMenu = {
  id: "m", version: 1, name: { zh: "", en: "" }, language: "zh", start: "hello",
  nodes: [
    { id: "hello", kind: "play", next: "ask" },
    { id: "ask", kind: "menu", choices: [{ key: "1", next: "end" }, { key: "2", next: "hello" }], timeout: "end", invalid: "hello" },
    { id: "which", kind: "condition", cases: [{ of: "tail", next: "ask" }], next: "end" },
    { id: "end", kind: "hangup" },
  ],
};
const ways = (of: CallMenu, id: string) => waysOf(of.nodes.find((node) => node.id === id)!).map(({ to, by }) => `${by} ${to}`);

describe("a menu as it is written", () => {
  it("names the ways out", () => {
    expect(ways(menu, "ask")).toEqual(["key 1 end", "key 2 hello", "timeout end", "invalid hello"]);
    expect(ways(menu, "which")).toEqual(["case 0 ask", "next end"]);
  });
  it("follows a new name everywhere", () => {
    const named = renameNode(menu, "hello", "welcome");
    expect(named.start).toBe("welcome");
    expect(ways(named, "ask")).toEqual(["key 1 end", "key 2 welcome", "timeout end", "invalid welcome"]);
  });
  it("leads past what is removed", () => {
    const less = removeNode(menu, "hello");
    expect(less.start).toBe("ask");
    expect(ways(less, "ask")).toEqual(["key 1 end", "key 2 ask", "timeout end", "invalid ask"]);
    expect(ways(removeNode(menu, "end"), "ask")).toEqual(["key 2 hello", "invalid hello"]);
  });
  it("adds a node behind another, under a name of its own", () => {
    const added = addNode(menu, "hello", "hangup");
    expect(added.id).toBe("end_2");
    expect(added.menu.nodes[1]).toEqual({ id: "end_2", kind: "hangup", reason: "left_menu" });
  });
  it("knows the values that nodes give", () => {
    const more = addNode(menu, undefined, "collect").menu;
    expect(valuesOf(more)).toContain("number");
  });
  it("copies", () => expect(copyAs(menu, "shop", { zh: "店", en: "Shop" })).toMatchObject({ id: "shop", version: 0, start: "hello" }));
});
