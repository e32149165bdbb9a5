/** The pictures on buttons: lines of 24 × 24, drawn in the colour of the text. */

const paths = {
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  down: "m6 9 6 6 6-6",
  back: "m15 6-6 6 6 6",
  next: "m9 6 6 6-6 6",
  more: "M4.5 12h1m6 0h1m6 0h1",
  clip: "m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8L9.4 17.2a1.7 1.7 0 0 1-2.4-2.4L14.8 7",
  send: "M12 19V5m-6 6 6-6 6 6",
  close: "m6 6 12 12M18 6 6 18",
  bot: "M7 8h10a3 3 0 0 1 3 3v5a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3v-5a3 3 0 0 1 3-3zm5 0V4M9 13v1m6-1v1",
  person: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7.5 10a7.5 7.5 0 0 1 15 0",
  file: "M14 3H6v18h12V7zm0 0v4h4",
  alert: "M12 8v5m0 3h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
};

export type IconName = keyof typeof paths;

interface ToolProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  expanded?: boolean;
}

/** A button that shows only a picture. */
export const Tool = ({ icon, label, onClick, expanded }: ToolProps) => (
  <button class="tool" aria-label={label} title={label} aria-expanded={expanded} onClick={onClick}><Icon name={icon} /></button>
);

export const Icon = ({ name }: { name: IconName }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
