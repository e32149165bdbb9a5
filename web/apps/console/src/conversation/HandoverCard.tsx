import type { HandoverCard as Card } from "@yingda/api";
import { currentLanguage } from "@yingda/i18n";

/** What the assistant learnt before people took over, so that nobody asks twice. */
export function HandoverCard({ card }: { card: Card }) {
  const language = currentLanguage();
  return (
    <section aria-label={card.title[language]}>
      <h3 className="text-sm font-semibold">{card.title[language]}</h3>
      {card.why.length > 0 && <p className="mt-0.5 text-xs text-mut">{card.why.map((reason) => reason[language]).join(language === "zh" ? "；" : "; ")}</p>}
      {card.parts.map(({ title, lines }, i) => (
        <div key={i} className="mt-1.5">
          {card.parts.length > 1 && title && <h4 className="text-xs font-semibold text-mut">{title[language]}</h4>}
          <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm">
            {lines.map(({ name, value }) => (
              <div key={name.en} className="contents">
                <dt className="text-mut">{name[language]}</dt>
                <dd className="min-w-0 whitespace-pre-line break-words">{value[language]}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}
