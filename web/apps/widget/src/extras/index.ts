/** What many visits do not need, fetched when it is first needed: menu, forms, files, sound. */
export { attach, earlier, judge, speak } from "./deeds";
export { LeaveForm, PrechatForm } from "./forms";
export { Files, Viewer } from "./files";
export { Menu } from "./menu";
export { DropHere, Earlier, Ended, Newer, Recall, Refused } from "./rare";
export { chime } from "./sound";
export { Tray } from "./tray";
export { moreWordsOf } from "./words";
export { default as css } from "./extras.css?inline";
