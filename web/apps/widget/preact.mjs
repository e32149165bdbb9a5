// Preact from its own sources, without what the widget never asks of it: hydration, Suspense, portals, contexts,
// error boundaries, hooks, MathML, inner HTML. A quarter of Preact is for these, and every visitor would fetch it.
// Each change must be found in the sources, and what is left out must not be used: another version of Preact, or
// another use of it, fails the build and not the visitor.
import { createRequire } from "node:module";
import { dirname } from "node:path";

const sources = `${dirname(createRequire(import.meta.url).resolve("preact/package.json"))}/src/`;

/** What the widget must not use, because it is left out. */
const leftOut =
  /preact\/hooks|hydrate|createContext|createPortal|forceUpdate|dangerouslySetInnerHTML|componentWill(?:Un)?[mM]ount|componentWillUpdate|componentDidCatch|shouldComponentUpdate|getDerivedState|getSnapshot|getChildContext|\s(?:style|checked|list|form|rowSpan|colSpan|popover|on\w+Capture)=[{"]|ref=\{\(|<math|<template|<foreignObject/;

/** Variables that always have the same value here; they are no longer passed from function to function. */
const constants = { isHydrating: "false", excessDomChildren: "null", globalContext: "null", resumed: "null", newHtml: "null", oldHtml: "null" };

/** Expressions that always have the same value here, replaced in this order. What is never reached because of them, the minifier removes. */
const facts = {
  "constants.js": {
    "MODE_HYDRATE = 1 << 5": "MODE_HYDRATE = 0",
    "MODE_SUSPENDED = 1 << 7": "MODE_SUSPENDED = 0",
    "COMPONENT_PROCESSING_EXCEPTION = 1 << 0": "COMPONENT_PROCESSING_EXCEPTION = 0",
    "COMPONENT_PENDING_ERROR = 1 << 1": "COMPONENT_PENDING_ERROR = 0",
    "COMPONENT_FORCE = 1 << 2": "COMPONENT_FORCE = 0",
  },
  "create-element.js": { "!original && options.vnode": "false" },
  "render.js": {
    "options._root": "false",
    "parentDom.nodeType == 9": "false",
    "EMPTY_OBJ,\n\t\tparentDom.namespaceURI": "parentDom.namespaceURI",
    "let isHydrating = vnode && vnode._flags & MODE_HYDRATE;": "",
    "oldVNode\n\t\t\t? NULL\n\t\t\t: parentDom.firstChild\n\t\t\t\t? slice.call(parentDom.childNodes)\n\t\t\t\t: NULL,": "",
  },
  "component.js": {
    "oldVNode._flags & MODE_HYDRATE ? [oldDom] : NULL,": "",
    "oldVNode._flags & MODE_HYDRATE,": "",
    "component._globalContext,": "",
    "options.vnode": "false",
    "vnode.props._parentDom": "false",
    // setState takes an object, and nothing that is called later.
    "typeof update == 'function'": "false",
    "if (callback)": "if (false)",
    "BaseComponent.prototype.forceUpdate =": "const forceUpdate =",
    "prevDebounce != options.debounceRendering": "false",
    "prevDebounce = options.debounceRendering;": "",
    "prevDebounce || queueMicrotask": "queueMicrotask",
  },
  "diff/index.js": {
    // Options are for hooks and tools.
    "tmp = options._diff": "false",
    "tmp = options.diffed": "false",
    "options._commit": "false",
    "options._render": "false",
    "options.unmount": "false",
    // Hydration and Suspense.
    "oldVNode._flags & MODE_SUSPENDED": "false",
    "newVNode._flags &= RESET_MODE;": "",
    "r = r._excess": "false",
    "if (!(e && e.then)) markAsForce(newVNode);": "",
    "e && e.then": "false",
    // Portals.
    "newProps._parentDom": "false",
    "vnode.props._parentDom": "false",
    // Contexts.
    "tmp = newType.contextType;": "",
    "tmp && globalContext[tmp._id]": "null",
    "tmp\n\t\t\t\t? provider\n\t\t\t\t\t? provider.props.value\n\t\t\t\t\t: tmp._defaultValue\n\t\t\t\t: globalContext": "globalContext",
    "c._globalContext = globalContext;": "",
    "r._parentDom = r._globalContext = NULL;": "r._parentDom = NULL;",
    "c.context = componentContext;": "",
    ", c.context)": ")",
    "c.getChildContext": "false",
    // A component's life: it mounts, gets other properties, updates.
    "newType.getDerivedStateFromProps": "false",
    "c.getSnapshotBeforeUpdate": "false",
    "c.shouldComponentUpdate ": "false ",
    "c.componentWillMount\n": "false\n",
    "if (c.componentWillUpdate)": "if (false)",
    "r.componentWillUnmount)": "false)",
    "EMPTY_ARR.push.apply(c._renderCallbacks, c._stateCallbacks);": "",
    "c._stateCallbacks = [];": "",
    "c._bits & COMPONENT_DIRTY && ++count < 25": "false",
    "c._bits &= ~COMPONENT_FORCE;": "",
    "!(c._bits & COMPONENT_FORCE)": "false",
    // Nobody catches errors but the browser.
    "c._bits & COMPONENT_PENDING_ERROR": "false",
    "c._bits & COMPONENT_PROCESSING_EXCEPTION": "false",
    "options._catchError(e, newVNode, oldVNode)": "throw e",
    "options._catchError(e, parentVNode)": "throw e",
    "commitQueue.some(c => {\n\t\ttry {": "commitQueue.some(c => {\n\t\t{",
    " catch (e) {\n\t\t\toptions._catchError(e, c._vnode);\n\t\t}": "",
    "\ttry {\n\t\tif (typeof ref": "\t{\n\t\tif (typeof ref",
    " catch (e) {\n\t\toptions._catchError(e, vnode);\n\t}": "",
    // References are objects.
    "typeof ref == 'function'": "false",
    // Elements: HTML and SVG of this document.
    "nodeType == 'math'": "false",
    "nodeType == 'foreignObject'": "false",
    "namespace == MATH_NAMESPACE && MATHML_TOKEN_ELEMENTS.test(nodeType)": "false",
    "nodeType == 'template' && dom.content": "false",
    "newProps.is ? newProps : parentDom": "parentDom",
    "parentDom.ownerDocument || document": "document",
    "i == 'dangerouslySetInnerHTML'": "false",
    "i == 'checked' && 'defaultChecked' in newProps": "false",
    "i == 'checked'": "false",
    "checked != UNDEFINED && checked != dom[i]": "false",
    "i == 'value' && 'defaultValue' in newProps": "false",
  },
  "diff/children.js": {
    "parentVNode.props._parentDom": "false",
    "childVNode.constructor === String": "false",
    "!isMounting && parentDom.moveBefore && dom.parentNode": "false",
    "oldVNode._flags & REF_DETACHED": "false",
    "next && next.nodeType == 8": "false",
    "oldDom.nodeType == 8 &&\n\t\t!oldDom.data.startsWith('$s')": "false",
  },
  "diff/props.js": {
    "name == 'style'": "false",
    "name = name.replace(/xlink(H|:h)/, 'h').replace(/sName$/, 's');": "",
    "name != 'list' &&": "",
    "name != 'form' &&": "",
    "name != 'rowSpan' &&": "",
    "name != 'colSpan' &&": "",
    "name != 'popover' &&": "",
    "name == 'popover' && value == true ? '' : value": "value",
    "name != (name = name.replace(CAPTURE_REGEX, '$1'))": "false",
    "options.event ? options.event(e) : e": "e",
  },
};

export const preact = {
  name: "preact-for-the-widget",
  enforce: "pre",
  resolveId: (id) => (id === "preact" ? `${sources}index.js` : undefined),
  transform(code, id) {
    const missed = id.endsWith(".tsx") && leftOut.exec(code);
    if (missed) throw new Error(`${id} uses ${missed[0].trim()}, which preact.mjs leaves out`);
    if (!id.startsWith(sources)) return undefined;
    const file = id.slice(sources.length);
    for (const [expression, value] of Object.entries(facts[file] ?? {})) {
      if (!code.includes(expression)) throw new Error(`preact/src/${file} has no ${expression}`);
      code = code.replaceAll(expression, value);
    }
    for (const [name, value] of Object.entries(constants)) {
      code = code
        .replaceAll(new RegExp(`\\n\\t+(let )?${name}[,;](?=\\n)`, "g"), "")
        .replaceAll(new RegExp(`\\b${name}\\s+=(?!=)`, "g"), "")
        .replaceAll(new RegExp(`\\b${name}\\b`, "g"), value);
    }
    return { code, map: null };
  },
};
