import { useEffect, useRef, useState, type ChangeEvent, type CompositionEvent } from "react";

/** A text box whose value counts only when the input method is done and typing pauses. */
export function useSettledText(initial: string, onSettled: (text: string) => void, pause = 250) {
  const [text, setText] = useState(initial);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(onSettled);
  latest.current = onSettled;
  useEffect(() => () => clearTimeout(timer.current), []);

  function settle(value: string, wait = pause) {
    clearTimeout(timer.current);
    if (!composing.current) timer.current = setTimeout(() => latest.current(value.trim()), wait);
  }
  return {
    text,
    /** Settles now, for Enter. */
    now: () => settle(text, 0),
    props: {
      value: text,
      onChange(e: ChangeEvent<HTMLInputElement>) {
        setText(e.target.value);
        settle(e.target.value);
      },
      onCompositionStart: () => void (composing.current = true),
      onCompositionEnd(e: CompositionEvent<HTMLInputElement>) {
        composing.current = false;
        settle(e.currentTarget.value);
      },
    },
  };
}
