import type { Agent, Page, ServerFrame } from "@yingda/api";
import { QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { keys } from "../query";
import { applyAgain, applyFrame } from "./feed";
import { watchFlights } from "./flight";

// These want a window.
vi.mock("./alert", () => ({ alertMessage: () => {}, alertNotice: () => {} }));
vi.mock("./outbox", () => ({ settleOutbox: () => {} }));

const presence = (state: "online" | "away") => ({ type: "presence", agent_id: "ag_1", presence: { state }, connected: true, load: 0 }) as ServerFrame;
const agents = (state: string) => ({ items: [{ id: "ag_1", presence: { state } }] }) as Page<Agent>;
const stateOf = (client: QueryClient) => client.getQueryData<Page<Agent>>(keys.agents)?.items[0]?.presence.state;

function desk() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const flights = watchFlights(client, (query, frame) => applyAgain(client, query, frame));
  return {
    client,
    comes(frame: ServerFrame) {
      applyFrame(client, frame);
      flights.keep(frame);
    },
    /** Asks for the agents; the answer comes when it is told. */
    ask() {
      let answer!: (page: Page<Agent>) => void;
      let fail!: (err: Error) => void;
      const asked = client.fetchQuery({ queryKey: keys.agents, queryFn: () => new Promise<Page<Agent>>((ok, no) => ((answer = ok), (fail = no))), staleTime: 0 });
      return { answered: (page: Page<Agent>) => (answer(page), asked), failed: (err: Error) => (fail(err), asked.catch(() => undefined)) };
    },
  };
}

it("what came while the first answer was on its way is not lost", async () => {
  const { client, comes, ask } = desk();
  const { answered } = ask();
  comes(presence("away"));
  comes(presence("online"));
  await answered(agents("offline"));
  expect(stateOf(client)).toBe("online");
});

it("an older answer does not put an older state back", async () => {
  const { client, comes, ask } = desk();
  client.setQueryData(keys.agents, agents("offline"));
  const { answered } = ask();
  comes(presence("online"));
  expect(stateOf(client)).toBe("online");
  await answered(agents("offline"));
  expect(stateOf(client)).toBe("online");
});

it("what came before the question is not told again", async () => {
  const { client, comes, ask } = desk();
  client.setQueryData(keys.agents, agents("offline"));
  comes(presence("online"));
  await ask().answered(agents("away"));
  expect(stateOf(client)).toBe("away");
  const first = ask();
  comes(presence("online"));
  await first.failed(new Error("no"));
  await ask().answered(agents("away"));
  expect(stateOf(client)).toBe("away");
});

it("what was asked before the feed listened is asked once more", async () => {
  const { client, comes, ask } = desk();
  const { answered } = ask();
  comes({ type: "hello" } as ServerFrame);
  await answered(agents("offline"));
  expect(client.getQueryState(keys.agents)?.isInvalidated).toBe(true);
});
