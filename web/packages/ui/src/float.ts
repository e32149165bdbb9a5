/** The look of what floats above the page. It stands where its trigger stands in the document, so it takes back what it would inherit there. */
export const floatClass = "z-60 animate-rise rounded-lg border bg-panel text-left text-sm font-normal whitespace-normal text-fg shadow-float outline-none";
