/** What many visits do not need, fetched when it is first needed: menu, forms, files, sound. */
export { attach, earlier, speak } from "./deeds";
export { LeaveForm, PrechatForm } from "./forms";
export { Files, Viewer } from "./files";
export { Menu } from "./menu";
export { DropHere, Earlier, Ended, Judge, Newer, Recall, Refused } from "./rare";
export { chime } from "./sound";
export { combobox, forget, steer, suggest, Suggestions } from "./suggest";
export { Tray } from "./tray";
export { moreWordsOf } from "./words";
export { default as css } from "./extras.css?inline";
