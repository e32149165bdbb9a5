export * from "./types";
export * from "./client";
export * from "./live";
export * from "./promise";
export * from "./report";
export * from "./reward";
export * from "./contact";
export * from "./automation";
