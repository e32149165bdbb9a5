/** What many visits do not need, fetched when it is first needed: menu, forms, files, sound. */
export { LeaveForm, PrechatForm } from "./forms";
export { Files, Viewer } from "./files";
export { Menu } from "./menu";
export { chime } from "./sound";
export { Tray } from "./tray";
export { Uploads } from "./uploads";
export { default as css } from "./extras.css?inline";
