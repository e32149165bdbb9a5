import { build } from "./program.mjs";

/** Before all tests: what they run is of this tree. */
export default () => build();
