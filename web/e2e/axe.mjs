/** axe as it is put into a page: the short form, half as much to read for each page. */
import axe from "axe-core/axe.min.js";

/** @type {string} */
export const source = axe.source;
