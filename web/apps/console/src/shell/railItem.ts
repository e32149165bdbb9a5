/** The look of everything one can press in the rail. */
export const railItem =
  "relative flex h-[50px] w-[52px] shrink-0 flex-col items-center justify-center gap-1 rounded-lg text-[11px] leading-none outline-offset-[-2px] hover:bg-white/10 hover:text-white [html[lang=en]_&]:w-[62px] max-md:w-auto! max-md:min-w-11 max-md:flex-1";
