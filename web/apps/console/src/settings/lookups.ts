import type { Lookup, LookupOffered, LookupTool, LookupsChange } from "@yingda/api";

/** A server as somebody edits it: with a key if they entered one. */
export interface Edited extends Lookup {
  key?: string;
}

/** What is saved: keys only where they were entered, and nothing that is only shown. */
export function changeOf(servers: Edited[], version: number): LookupsChange {
  return {
    version,
    servers: servers.map(({ id, name, url, enabled, tools, key }) => ({ id, name: name.trim(), url: url.trim(), enabled, tools, ...(key === undefined ? {} : { key: key.trim() }) })),
  };
}

/** The tools with one that is allowed or not any more, as its server describes it now; claim fills an argument with something of the customer, "said" leaves it to the model. */
export function allowed(tools: LookupTool[], offered: LookupOffered, yes: boolean, argument?: string, claim?: string): LookupTool[] {
  const was = tools.find((tool) => tool.name === offered.name);
  const rest = tools.filter((tool) => tool !== was);
  if (!yes) return rest;
  const claims = { ...was?.claims };
  if (argument !== undefined) {
    delete claims[argument];
    if (claim !== undefined && claim !== "said") claims[argument] = claim;
  }
  const { name, about, schema } = offered;
  return [...rest, { name, about, schema, ...(Object.keys(claims).length > 0 ? { claims } : {}) }];
}
