import { describe, expect, it } from "vitest";
import { picture } from "./layout";

const node = (id: string, ...to: string[]) => ({ id, ways: to.map((to) => ({ to, by: "next" })) });
const looked = [node("which", "find"), node("find", "none", "tell"), node("tell", "bye", "submit"), node("submit", "bye"), node("bye"), node("none", "which"), node("lost")];

describe("picture", () => {
  const { nodes, ways } = picture(looked);
  const row = (id: string) => nodes.find((node) => node.id === id)!.row;
  it("puts every node below what leads to it", () => {
    expect(row("which")).toBe(0);
    for (const way of ways.filter(({ back }) => !back)) expect(row(way.to)).toBeGreaterThan(row(way.from));
    expect(row("bye")).toBe(4); // below submit, though a way leads there sooner
  });
  it("knows a way back", () => expect(ways.filter(({ back }) => back).map(({ from, to }) => [from, to])).toEqual([["none", "which"]]));
  it("puts what nothing leads to last", () => expect(row("lost")).toBe(Math.max(...nodes.map((node) => node.row))));
  it("begins where it is told to", () => {
    const from = picture([node("end"), node("begin", "end")], 1).nodes;
    expect(from.map(({ id, row }) => [id, row])).toEqual([["end", 1], ["begin", 0]]);
  });
  it("lays no two nodes over each other", () => expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes.length));
  it("lets what is too wide go on below", () => {
    const many = ["a", "b", "c", "d", "e", "f"];
    const wide = picture([node("main", ...many), ...many.map((id) => node(id, "end")), node("end")]);
    expect(wide.nodes.map((each) => each.row)).toEqual([0, 1, 1, 1, 1, 2, 2, 3]);
    expect(Math.max(...wide.nodes.map(({ x }) => x))).toBeLessThan(4 * 240);
  });
  it("lets ways to one node share a lane", () => {
    const { ways: long } = picture([node("a", "b", "z"), node("b", "c", "z"), node("c", "d", "z"), node("d", "z"), node("z")]);
    expect(new Set(long.filter(({ path }) => path.includes("H")).map(({ path }) => /H (\d+)/.exec(path)![1])).size).toBe(1);
  });
  it("stands an empty picture", () => expect(picture([]).nodes).toEqual([]));
  it("leaves out a way to a node that is not there", () => expect(picture([node("a", "b")]).ways).toEqual([]));
});
