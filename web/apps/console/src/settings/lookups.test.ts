import { describe, expect, it } from "vitest";
import { allowed, changeOf } from "./lookups";

const offered = { name: "order_status", about: "Where an order is", schema: { type: "object" }, arguments: ["order", "owner"] };
const plain = { name: "order_status", about: "Where an order is", schema: { type: "object" } };

describe("tools that are allowed", () => {
  it("are kept as their server describes them now", () => {
    expect(allowed([{ ...plain, about: "as it was" }], offered, true)).toEqual([plain]);
    expect(allowed([plain], offered, false)).toEqual([]);
  });
  it("take something of the customer, or leave it to the model", () => {
    const mine = allowed([plain], offered, true, "owner", "external_id");
    expect(mine).toEqual([{ ...plain, claims: { owner: "external_id" } }]);
    expect(allowed(mine, offered, true)).toEqual(mine);
    expect(allowed(mine, offered, true, "owner", "said")).toEqual([plain]);
  });
});

describe("what is saved", () => {
  it("has a key only where one was entered", () => {
    const server = { id: "shop", name: " 商城 ", url: " https://shop.example.cn/mcp ", enabled: true, tools: [], has_key: true };
    expect(changeOf([server, { ...server, id: "bank", key: " sk-1 " }], 3)).toEqual({
      version: 3,
      servers: [
        { id: "shop", name: "商城", url: "https://shop.example.cn/mcp", enabled: true, tools: [] },
        { id: "bank", name: "商城", url: "https://shop.example.cn/mcp", enabled: true, tools: [], key: "sk-1" },
      ],
    });
  });
});
