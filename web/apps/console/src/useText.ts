import { useEffect, useRef, useState, type ChangeEvent, type CompositionEvent } from "react";

/** A text box whose value counts when the input method is done and typing pauses, or when it is left. What is set elsewhere shows as soon as nobody types here. */
export function useSettledText(value: string, onSettled: (text: string) => void, pause = 250) {
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const focused = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(onSettled);
  latest.current = onSettled;
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!focused.current) setText(value);
  }, [value]);

  function tell(next: string) {
    clearTimeout(timer.current);
    timer.current = undefined;
    latest.current(next.trim());
  }
  function settle(next: string, wait = pause) {
    clearTimeout(timer.current);
    if (!composing.current) timer.current = setTimeout(() => tell(next), wait);
  }
  return {
    text,
    /** Settles now, for Enter. */
    now: () => tell(text),
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
      onFocus: () => void (focused.current = true),
      onBlur() {
        focused.current = false;
        if (timer.current) tell(text);
        else setText(value); // as it was understood
      },
    },
  };
}
